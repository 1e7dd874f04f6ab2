/** Which models an alias stands for that nobody has. They may come yet: it is worth a warning, no more. */

import { type Alias, isPattern, type Target } from "../domain/alias.ts";
import type { Book } from "../domain/book.ts";
import { resolve } from "../domain/resolve.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { whyMissing } from "../fleet/missing.ts";

/** One text for each such model. */
export function missingBehind(
  alias: Alias,
  { book, fleet }: { readonly book: Book; readonly fleet: Fleet },
): string[] {
  // what a `*` in a target stands for is not known before somebody asks
  const starts = isPattern(alias)
    ? alias.targets.filter(({ model }) => alias.source === "stored" || !model.includes("*"))
    : [{ model: alias.name }];
  const targets = starts.flatMap((start: Target): readonly Target[] => {
    const resolution = start.backend === undefined ? resolve(start.model, book, fleet.isModel) : undefined;
    return resolution?.kind === "route" ? resolution.route.targets : [start];
  });
  return [...new Set(targets.flatMap((target) => whyMissing(target, fleet) ?? []))];
}
