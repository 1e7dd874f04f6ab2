/** `mellamo check`: reads the configuration and reports every mistake in it. */

import type { Config } from "../config/config.ts";
import { isPattern } from "../domain/alias.ts";
import { bookOf } from "../domain/book.ts";
import { nearest } from "../domain/nearest.ts";
import { resolve } from "../domain/resolve.ts";
import { Backend } from "../fleet/backend.ts";
import { Fleet } from "../fleet/fleet.ts";
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
    if (args.values["live"] === true) await warnLive(config);
    const backends = config.backends.filter(({ presumed }) => !presumed).length;
    say(
      `${file ?? "no configuration file"}: ok (backends: ${backends}, aliases: ${config.aliases.length}, pins: ${config.pins.size})`,
    );
    return OK;
  },
};

/** Asks every backend once. What is not there now may be there later: these are warnings. */
async function warnLive(config: Config): Promise<void> {
  const backends = config.backends.map((settings) => new Backend(settings));
  const fleet = new Fleet(backends, config.pins, Date.now);
  await Promise.all(backends.map((backend) => fleet.refresh(backend)));
  for (const { name, settings, stock } of backends)
    if (!stock.up && !settings.presumed) complain(`warning: backend "${name}" is down: ${stock.trouble}`);
  const book = bookOf(config.aliases);
  for (const alias of config.aliases.filter((one) => !isPattern(one))) {
    const resolution = resolve(alias.name, book, fleet.isModel);
    const targets = resolution.kind === "route" ? resolution.route.targets : [];
    for (const { model } of targets) {
      if (fleet.catalog.has(model)) continue;
      const [near] = nearest(
        model,
        fleet.catalog.offers.map((offer) => offer.model.id),
        1,
      );
      complain(
        `warning: alias "${alias.name}": no backend has "${model}"${near === undefined ? "" : `, did you mean "${near}"?`}`,
      );
    }
  }
  fleet.stop();
}
