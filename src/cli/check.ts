/** `mellamo check`: reads the configuration and reports every mistake in it. */

import type { Config } from "../config/config.ts";
import type { AliasStore } from "../store/alias-store.ts";
import { FileStore } from "../store/file-store.ts";
import { nameText, stateText, warningOf } from "./alias-text.ts";
import {
  type Command,
  complain,
  CONFIG_OPTION,
  FAILED,
  OK,
  type Option,
  say,
  textOption,
} from "./command.ts";
import { loadConfig } from "./load.ts";
import { lookAround } from "./look-around.ts";
import { offlineRows } from "./offline-rows.ts";

const LIVE: Option = {
  name: "live",
  help: "ask the backends, and warn of those that are down and of names that nobody has (no mistakes: it ends with 0)",
};

/** What can be said of aliases without asking anybody. */
function lookAtAliases(config: Config, store: AliasStore): string[] {
  return offlineRows(config, store)
    .filter((row) => stateText(row) !== "")
    .map((row) => warningOf(row.source, nameText(row), stateText(row)));
}

export const check: Command = {
  name: "check",
  operands: [],
  help: "read the configuration, and report every mistake in it",
  options: [CONFIG_OPTION, LIVE],
  async run(args) {
    const loaded = await loadConfig(textOption(args, CONFIG_OPTION));
    if (loaded === undefined) return FAILED;
    const { config, file } = loaded;
    const store = new FileStore(config.storePath);
    await store.load();
    if (store.trouble !== undefined) complain(`warning: alias store ${store.place}: ${store.trouble}`);
    const lines =
      args.values["live"] === true ? await lookAround(config, store.entries) : lookAtAliases(config, store);
    for (const line of lines) complain(line);
    const backends = config.backends.filter(({ presumed }) => !presumed).length;
    say(
      `${file ?? "no configuration file"}: ok (backends: ${backends}, aliases: ${config.aliases.length}, pins: ${config.pins.size})`,
    );
    return OK;
  },
};
