/** Warns where only what is configured is served, and something leads to nothing that is. */

import { keyOf } from "../domain/name.ts";
import { hint } from "../domain/nearest.ts";
import type { Pair, Said } from "./given.ts";

/** `models` and `aliases` are all that is configured, `given` the aliases of flags and variables among them. */
export function unservedWarnings(models: object, aliases: object, given: readonly Said<Pair>[]): string[] {
  const known = [...Object.keys(models), ...Object.keys(aliases)];
  if (known.length === 0) return ["no model is proxied: nothing is served (--proxy MODEL=URL)"];
  const served = new Set(known.map(keyOf));
  return given
    .filter(({ value }) => !served.has(keyOf(value.value)))
    .map(({ value, source }) => {
      const { name, value: model } = value;
      return `${source} ${name}: "${model}" is not proxied${hint(model, Object.keys(models))}`;
    });
}
