/** Says of a target that nobody has who should have it, and what may have been meant. */

import type { Target } from "../domain/alias.ts";
import { bareName, keyOf } from "../domain/name.ts";
import { hint } from "../domain/nearest.ts";
import { isCloudName } from "../domain/source.ts";
import type { Fleet } from "./fleet.ts";

/** Whether nobody has it, nor may have it on a backend that is down. */
export function isMissing(target: Target, { catalog, backends, pins }: Fleet): boolean {
  const { model, backend } = target;
  if (catalog.has(model, backend)) return false;
  // an Ollama serves the models of its cloud without listing them
  if (isCloudName(model) && backends.some(({ engine }) => engine?.name === "ollama")) return false;
  const homes = homesOf(target, pins);
  return !backends.some(({ name, stock }) => homes?.includes(name) && !stock.up);
}

/** Undefined where the model is there, or may be on a backend that is down. */
export function whyMissing(target: Target, fleet: Fleet): string | undefined {
  if (!isMissing(target, fleet)) return undefined;
  const { model } = target;
  const { catalog, backends, pins } = fleet;
  const homes = homesOf(target, pins);
  if (homes !== undefined) {
    const others = backends.filter(({ stock }) => stock.models.some(({ key }) => key === keyOf(model)));
    const elsewhere = others.length === 0 ? "" : ` (${others.map(({ name }) => name).join(", ")} has)`;
    return `${homes.join(", ")} does not have "${model}"${elsewhere}`;
  }
  const known = catalog.offers.filter(({ open }) => open).map((offer) => bareName(offer.model.id));
  const nobody = backends.every(({ stock, settings }) => stock.up || settings.presumed)
    ? "no backend has"
    : "no backend that is up has";
  return `${nobody} "${model}"${hint(keyOf(model), known)}`;
}

/** The backends that it is to be on; undefined where any will do. */
function homesOf({ model, backend }: Target, pins: Fleet["pins"]): readonly string[] | undefined {
  return backend === undefined ? pins.get(keyOf(model)) : [backend];
}
