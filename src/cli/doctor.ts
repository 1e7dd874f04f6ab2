/** `mellamo doctor`: looks at all that may be wrong, and says what to do about what is. */

import { type Loaded, readConfiguration } from "../config/load.ts";
import type { Entry } from "../domain/entry.ts";
import { answer, type Command, CONFIG_OPTION, FAILED, JSON_OPTION, OK, textOption } from "./command.ts";
import { addressCheck } from "./doctor/address.ts";
import { aliasFindings } from "./doctor/aliases.ts";
import { backendFindings } from "./doctor/backends.ts";
import { configurationFindings, isKnownThere } from "./doctor/configuration.ts";
import { type Finding, findingText } from "./doctor/finding.ts";
import { openFileFindings } from "./doctor/open-files.ts";
import { type Running, runningFindings } from "./doctor/running.ts";
import { storeCheck } from "./doctor/store.ts";
import { toldFindings } from "./doctor/told.ts";
import { listenSaid } from "./load.ts";
import { lookAround } from "./look-around.ts";

export const doctor: Command = {
  name: "doctor",
  operands: [],
  help: "look for what is wrong, and say what to do about it: configuration, store, ports, backends, aliases",
  options: [CONFIG_OPTION, JSON_OPTION],
  async run(args) {
    const findings = await examine(textOption(args, CONFIG_OPTION));
    const faults = findings.filter(({ state }) => state === "fault").length;
    const warnings = findings.filter(({ state }) => state === "warn").length;
    answer(args, { ok: faults === 0, findings }, () =>
      [...findings.map(findingText), `\nfaults: ${faults}, warnings: ${warnings}`].join("\n"),
    );
    return faults === 0 ? OK : FAILED;
  },
};

/** Of a configuration with mistakes no more is looked at than where it listens, and what runs there. */
async function examine(asked: string | undefined): Promise<readonly Finding[]> {
  const reading = await readConfiguration(asked);
  const loaded = reading.kind === "config" ? reading : undefined;
  const listen = loaded?.config.server.listen ?? (await listenSaid(asked));
  const listening = listen && (await addressCheck(listen));
  const running = listening?.running;
  const store = await storeCheck(loaded?.config.storePath, running, listening?.pid);
  return [
    ...configurationFindings(reading, asked, running),
    ...(listening?.findings ?? []),
    ...(running === undefined ? [] : runningFindings(running, loaded)),
    ...store.findings,
    ...(await openFileFindings(listening?.pid)),
    ...(loaded !== undefined
      ? await liveFindings(loaded, store.entries, running)
      : (isKnownThere(reading, running) && toldFindings(running)) || [NOT_LOOKED]),
  ];
}

const NOT_LOOKED: Finding = {
  what: "backends, aliases",
  state: "warn",
  text: "not looked at until the configuration is right",
};

async function liveFindings(
  { config, written }: Loaded,
  entries: readonly Entry[] | undefined,
  running: Running | undefined,
): Promise<readonly Finding[]> {
  const around = await lookAround(config, entries ?? []);
  const isRead = entries !== undefined;
  return [...(await backendFindings(around, running)), ...aliasFindings(around, written, isRead)];
}
