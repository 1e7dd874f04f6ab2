/** What a store shows of itself, as a value that can be compared. */

import type { AliasStore } from "../../src/store/alias-store.ts";

export function stateOf({
  entries,
  trouble,
  place,
}: AliasStore): Pick<AliasStore, "entries" | "trouble" | "place"> {
  return { entries, trouble, place };
}
