/** `mellamo check`: reads the configuration and reports every mistake in it. */

import type { Config } from "../config/config.ts";
import type { AliasStore } from "../store/alias-store.ts";
import { FileStore } from "../store/file-store.ts";
import { aliasTitle, nameText, stateText } from "./alias-text.ts";
import { type Command, complain, CONFIG_OPTION, OK, type Option, say } from "./command.ts";
import { GIVEN_OPTIONS } from "./given-options.ts";
import { foundLines, liveNotes } from "./live-notes.ts";
import { loadWith } from "./load.ts";
import { lookAround } from "./look-around.ts";
import { offlineRows } from "./offline-rows.ts";
import { namedEngines, parameterNotes } from "./parameter-notes.ts";
import { shownConfig } from "./shown-config.ts";

const LIVE: Option = {
  name: "live",
  help: "ask the backends, and warn of those that are down and of names that nobody has (no mistakes: it ends with 0)",
};

const SHOW: Option = {
  name: "show",
  help: "print all settings as a configuration file, and where each of them comes from",
};

/** What can be said of aliases without asking anybody. */
function lookAtAliases(config: Config, store: AliasStore): string[] {
  return offlineRows(config, store)
    .filter((row) => stateText(row) !== "")
    .map((row) => `${aliasTitle({ source: row.source, name: nameText(row) })}: ${stateText(row)}`)
    .concat(parameterNotes(config, store.entries, namedEngines(config)));
}

export const check: Command = {
  name: "check",
  operands: [],
  help: "read the configuration, and report every mistake in it",
  options: [CONFIG_OPTION, LIVE, SHOW, ...GIVEN_OPTIONS],
  async run(args) {
    const loaded = await loadWith(args);
    if (typeof loaded === "number") return loaded;
    const { config, file, written } = loaded;
    if (args.values["show"] === true) say(shownConfig(written, config));
    for (const why of written.warnings) complain(`warning: ${why}`);
    const store = new FileStore(config.storePath);
    await store.load();
    if (store.trouble !== undefined) complain(`warning: alias store ${store.place}: ${store.trouble}`);
    const around = args.values["live"] === true ? await lookAround(config, store.entries) : undefined;
    for (const line of around === undefined ? [] : foundLines(around)) complain(line);
    const notes = around === undefined ? lookAtAliases(config, store) : liveNotes(around);
    for (const note of notes) complain(`warning: ${note}`);
    const backends = config.backends.filter(({ presumed }) => !presumed).length;
    say(
      `${args.values["show"] === true ? "\n# " : ""}${file ?? "no configuration file"}: ok (backends: ${backends}, aliases: ${config.aliases.length}, pins: ${config.pins.size})`,
    );
    return OK;
  },
};
