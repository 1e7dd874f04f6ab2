/** Holds a configuration against what its backends have. What is not there now may be there later: it only warns. */

import type { Config } from "../config/config.ts";
import { type Alias, isPattern, type Target } from "../domain/alias.ts";
import { bookOf } from "../domain/book.ts";
import { keyOf } from "../domain/name.ts";
import { nearest } from "../domain/nearest.ts";
import { resolve } from "../domain/resolve.ts";
import { Backend } from "../fleet/backend.ts";
import { Fleet } from "../fleet/fleet.ts";

/** Asks every backend once. Returns lines for people: what was found where nothing is configured, then warnings. */
export async function lookAround(config: Config): Promise<string[]> {
  const backends = config.backends.map((settings) => new Backend(settings));
  const fleet = new Fleet(backends, config.pins, Date.now);
  await Promise.all(backends.map((backend) => fleet.refresh(backend)));
  fleet.stop();
  return [
    ...backends.flatMap(condition),
    ...new Set([...config.aliases.flatMap((alias) => deadTargets(alias, config, fleet)), ...deadPins(fleet)]),
  ];
}

function condition({ name, settings, stock, engine }: Backend): string[] {
  const { origin, presumed } = settings;
  if (stock.up)
    return presumed ? [`found ${engine?.title} at ${origin} (models: ${stock.models.length})`] : [];
  return presumed ? [] : [`warning: backend "${name}" is down: ${stock.trouble}`];
}

function deadTargets(alias: Alias, { aliases }: Config, fleet: Fleet): string[] {
  const starts = isPattern(alias)
    ? alias.targets.filter(({ model }) => !model.includes("*"))
    : [{ model: alias.name }];
  const book = bookOf(aliases);
  const targets = starts.flatMap((start): readonly Target[] => {
    const resolution = start.backend === undefined ? resolve(start.model, book, fleet.isModel) : undefined;
    return resolution?.kind === "route" ? resolution.route.targets : [start];
  });
  return targets.flatMap((target) => {
    const why = whyMissing(target, fleet);
    return why === undefined ? [] : [`warning: alias "${alias.name}": ${why}`];
  });
}

function deadPins(fleet: Fleet): string[] {
  return [...fleet.pins.keys()].flatMap((model) => {
    const why = whyMissing({ model }, fleet);
    return why === undefined ? [] : [`warning: pin of "${model}": ${why}`];
  });
}

/** Undefined where the model is there, or may be on a backend that is down. */
function whyMissing({ model, backend }: Target, { catalog, backends, pins }: Fleet): string | undefined {
  if (catalog.has(model, backend)) return undefined;
  const homes = backend === undefined ? pins.get(keyOf(model)) : [backend];
  if (homes !== undefined) {
    if (backends.some(({ name, stock }) => homes.includes(name) && !stock.up)) return undefined;
    const others = backends.filter(({ stock }) => stock.models.some(({ key }) => key === keyOf(model)));
    const elsewhere = others.length === 0 ? "" : ` (${others.map(({ name }) => name).join(", ")} has)`;
    return `${homes.join(", ")} does not have "${model}"${elsewhere}`;
  }
  const known = catalog.offers.map((offer) => offer.model.id);
  const [near] = nearest(keyOf(model), known, 1);
  const nobody = backends.every(({ stock, settings }) => stock.up || settings.presumed)
    ? "no backend has"
    : "no backend that is up has";
  return `${nobody} "${model}"${near === undefined ? "" : `, did you mean "${near}"?`}`;
}
