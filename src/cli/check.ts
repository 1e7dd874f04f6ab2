/** `mellamo check`: reads the configuration and reports every mistake in it. */

import { FileStore } from "../store/file-store.ts";
import { nameText, stateText } from "./alias-text.ts";
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
  help: "ask the backends, and warn of those that are down and of names that nobody has",
};

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
    for (const row of offlineRows(config, store).filter((one) => stateText(one) !== ""))
      complain(`warning: alias "${nameText(row)}": ${stateText(row)}`);
    if (args.values["live"] === true)
      for (const line of await lookAround(config, store.entries)) complain(line);
    const backends = config.backends.filter(({ presumed }) => !presumed).length;
    say(
      `${file ?? "no configuration file"}: ok (backends: ${backends}, aliases: ${config.aliases.length}, pins: ${config.pins.size})`,
    );
    return OK;
  },
};
