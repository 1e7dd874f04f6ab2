/** `mellamo demo`: a router in front of three simulated engines, and a tour of what it does. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readConfigurationText } from "../config/load.ts";
import { llamacppScript, lmstudioScript, ollamaScript, simulate, type Simulated } from "../demo/simulated.ts";
import { walk } from "../demo/tour.ts";
import { type Running, startRouter } from "../live/start.ts";
import { logTo } from "../telemetry/log.ts";
import { type Command, FAILED, OK, type Option, say } from "./command.ts";
import { outgoingRoom } from "./outgoing.ts";
import { endOnSignals } from "./signals.ts";

const ONCE: Option = { name: "once", help: "end after the tour: with 0 if all was as told, else with 1" };

/** Slow enough to be seen as a stream. */
const PACE_MS = 40;

export const demo: Command = {
  name: "demo",
  operands: [],
  help: "see it work: three simulated engines, a router in front of them, and a short tour",
  options: [ONCE],
  async run({ values }) {
    const engines = [
      ollamaScript("llama3.1:8b"),
      lmstudioScript("llama-3.1-8b-instruct"),
      llamacppScript("Meta-Llama-3.1-8B-Instruct.gguf"),
    ].map((script) => simulate(script, PACE_MS));
    const folder = await mkdtemp(join(tmpdir(), "mellamo-demo-"));
    const running = await startDemo(engines, folder);
    const { url } = running;
    say(introduction(engines, url));
    const ok = await walk({ url, engines, say });
    say(ok ? `\nAll of it went as told.` : `\nSomething did not go as told: see above.`);
    if (values["once"] === true) {
      await running.server.stop(true);
      running.stop();
    } else {
      say(invitation(url));
      await endOnSignals(running, () => {});
    }
    await Promise.all(engines.map((engine) => engine.stop()));
    await rm(folder, { recursive: true });
    return ok ? OK : FAILED;
  },
};

const quiet = logTo(
  () => {},
  "error",
  "logfmt",
  () => new Date(),
);

/** The router listens where it usually does or, if that address is taken, wherever it can. */
async function startDemo(engines: readonly Simulated[], folder: string): Promise<Running> {
  try {
    return await startOn("127.0.0.1:11435", engines, folder);
  } catch {
    return startOn("127.0.0.1:0", engines, folder);
  }
}

function startOn(listen: string, engines: readonly Simulated[], folder: string): Promise<Running> {
  const reading = readConfigurationText(configText(listen, engines, folder), undefined);
  if (reading.kind === "refused") throw new Error("The configuration of the demo has mistakes");
  return startRouter(reading, {
    logOf: () => quiet,
    read: () => Promise.resolve(reading),
    maxInflight: outgoingRoom(),
  });
}

/** Aliases that are made in the demo end with it. */
function configText(listen: string, engines: readonly Simulated[], folder: string): string {
  const backends = engines.map(
    ({ title, url }) => `[[backend]]\nname = "${nameOf(title)}"\nurl = "${url}"\n`,
  );
  const store = JSON.stringify(join(folder, "server.json"));
  return `[server]\nlisten = "${listen}"\ndrain = "0s"\n[store]\npath = ${store}\n\n${backends.join("\n")}\n${ALIASES}`;
}

const ALIASES = `[aliases]
my-llama = ["llama3.1:8b", "llama-3.1-8b-instruct", "Meta-Llama-3.1-8B-Instruct.gguf"]
"gpt-*" = "my-llama"
"claude-*" = "my-llama"
`;

function nameOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z]/g, "");
}

function introduction(engines: readonly Simulated[], url: string): string {
  const rows = engines.map(({ title, model }) => `    ${title.padEnd(10)} "${model}"`);
  return `Three engines run on this machine (simulated: they have one thing to say). The same model has three names:

${rows.join("\n")}

mellamo runs in front of them, on ${url}, with these lines in its configuration:

${ALIASES.trimEnd().replaceAll(/^/gm, "    ")}`;
}

function invitation(url: string): string {
  const hello = `"messages":[{"role":"user","content":"Who are you?"}]`;
  return `
It stays up: try it yourself (Ctrl-C ends it).

  curl ${url}/v1/models
  curl -N ${url}/api/chat -d '{"model":"my-llama",${hello}}'
  curl -N ${url}/v1/chat/completions -d '{"model":"gpt-anything","stream":true,${hello}}'`;
}
