/** Says of aliases what keeps them from doing what they say, as far as the last looks tell. */

import type { Alias } from "../domain/alias.ts";
import { hindranceOf, hindranceText, isHindered, type View } from "./hindrance.ts";
import { isAllMissing, missingBehind } from "./missing.ts";

/** A text for each thing that is in its way: something else bears its name, or nobody has a model that it stands for. */
export function obstaclesTo(alias: Alias, view: View): string[] {
  const hindrance = hindranceOf(alias, view);
  return isHindered(hindrance) ? [hindranceText(hindrance)] : missingBehind(alias, view);
}

/** Whether it has no effect at all, rather than fewer models than it says. */
export function leadsNowhere(alias: Alias, view: View): boolean {
  return isHindered(hindranceOf(alias, view)) || isAllMissing(alias, view);
}
