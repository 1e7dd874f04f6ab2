/** Finds the stored aliases that would stand for nothing any more if a model went. */

import type { Alias } from "../domain/alias.ts";
import { keyOf } from "../domain/name.ts";
import { resolve } from "../domain/resolve.ts";
import { sampleName } from "../domain/step.ts";
import type { Snapshot } from "./snapshot.ts";

/** Those of whose targets this model is the only one that anybody has. */
export function aliasesOnlyOf(model: string, snapshot: Snapshot): Alias[] {
  return snapshot.book.aliases.filter(
    (alias) => alias.source === "stored" && livesOnlyFrom(alias, model, snapshot),
  );
}

function livesOnlyFrom(alias: Alias, model: string, { book, fleet }: Snapshot): boolean {
  const resolution = resolve(sampleName(alias), book, fleet.isModel, fleet.isOpen);
  if (resolution.kind !== "route" || resolution.route.alias !== alias) return false;
  const had = resolution.route.targets.filter((target) => fleet.catalog.has(target.model, target.backend));
  return had.length > 0 && had.every((target) => keyOf(target.model) === keyOf(model));
}
