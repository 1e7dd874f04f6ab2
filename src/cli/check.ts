/** `mellamo check`: reads the configuration and reports every mistake in it. */

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
    if (args.values["live"] === true) for (const line of await lookAround(config)) complain(line);
    const backends = config.backends.filter(({ presumed }) => !presumed).length;
    say(
      `${file ?? "no configuration file"}: ok (backends: ${backends}, aliases: ${config.aliases.length}, pins: ${config.pins.size})`,
    );
    return OK;
  },
};
