/** Says whether something else bears the name of a stored alias. */

import { type Alias, isPattern } from "../domain/alias.ts";
import type { Snapshot } from "./snapshot.ts";

/** What keeps a stored alias from having any effect. */
export function shadowOf(
  alias: Alias,
  { book, fleet }: Pick<Snapshot, "book" | "fleet">,
): "config" | "model" | undefined {
  if (alias.source === "config") return undefined;
  if (book.isConfigured(alias)) return "config";
  return !isPattern(alias) && fleet.isModel(alias.name) ? "model" : undefined;
}
