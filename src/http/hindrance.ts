/** Says what keeps an alias from leading anywhere. */

import { type Alias, isPattern } from "../domain/alias.ts";
import { FAULT_TEXTS, resolve } from "../domain/resolve.ts";
import { sampleName } from "../domain/step.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is known of names, and of backends. */
export type View = Pick<Snapshot, "book" | "fleet">;

/** As lists and the status write it; empty where nothing does. */
export interface Hindrance {
  /** It has no effect, because the file or a model bears its name. */
  readonly shadowed_by?: "config" | "model" | undefined;
  /** Why it cannot be followed to any model. */
  readonly broken?: string | undefined;
}

export function hindranceOf(alias: Alias, view: View): Hindrance {
  const shadow = shadowOf(alias, view);
  if (shadow !== undefined) return { shadowed_by: shadow };
  const resolution = resolve(sampleName(alias), view.book, view.fleet.isModel, view.fleet.isOpen);
  return resolution.kind === "broken" ? { broken: FAULT_TEXTS[resolution.why] } : {};
}

/** What else bears the name of a stored alias. */
export function shadowOf(alias: Alias, { book, fleet }: View): Hindrance["shadowed_by"] {
  if (alias.source === "config") return undefined;
  if (book.isConfigured(alias)) return "config";
  return !isPattern(alias) && fleet.isOpen(alias.name) ? "model" : undefined;
}

export function isHindered({ shadowed_by: shadow, broken }: Hindrance): boolean {
  return shadow !== undefined || broken !== undefined;
}

const SHADOW_TEXTS = {
  config: "shadowed by the configuration file",
  model: "shadowed by a model of that name",
} as const;

/** In words; "" where nothing does. */
export function hindranceText({ shadowed_by: shadow, broken }: Hindrance): string {
  return shadow === undefined ? (broken ?? "") : SHADOW_TEXTS[shadow];
}
