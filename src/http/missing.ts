/** Which models an alias stands for that nobody has. They may come yet: it is worth a warning, no more. */

import { type Alias, isPattern, type Target } from "../domain/alias.ts";
import { type RankedTarget, resolve } from "../domain/resolve.ts";
import { isMissing, whyMissing } from "../fleet/missing.ts";
import type { View } from "./hindrance.ts";

/** One text for each such model. */
export function missingBehind(alias: Alias, view: View): string[] {
  return [...new Set(targetsBehind(alias, view).flatMap((target) => whyMissing(target, view.fleet) ?? []))];
}

/** Those that name a model that nobody has: itself, or others that it leads to. */
export function mistakenBehind(alias: Alias, view: View): readonly Alias[] {
  const missing = targetsBehind(alias, view).filter((target) => isMissing(target, view.fleet));
  return [...new Set(missing.map(({ by = [] }) => by.at(-1) ?? alias))];
}

/** Whether nobody has any of them. */
export function isAllMissing(alias: Alias, view: View): boolean {
  const targets = targetsBehind(alias, view);
  return targets.length > 0 && targets.every((target) => isMissing(target, view.fleet));
}

/** A target with the aliases that led to it, if others did. */
type TargetBehind = Target & Partial<Pick<RankedTarget, "by">>;

/** None where that is not known before somebody asks: what a `*` in a target stands for. */
function targetsBehind(alias: Alias, { book, fleet }: View): readonly TargetBehind[] {
  const starts = isPattern(alias)
    ? alias.targets.filter(({ model }) => alias.source === "stored" || !model.includes("*"))
    : [{ model: alias.name }];
  return starts.flatMap((start: Target): readonly TargetBehind[] => {
    const resolution = start.backend === undefined ? resolve(start.model, book, fleet.isModel) : undefined;
    return resolution?.kind === "route" ? resolution.route.targets : [start];
  });
}
