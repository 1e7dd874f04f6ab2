/** Finds the stored alias that a name stands for. */

import type { Entry } from "../domain/entry.ts";
import { keyOf } from "../domain/name.ts";
import type { Snapshot } from "./snapshot.ts";

/** Undefined where the file or a model bears the name, or only a pattern matches it. */
export function storedEntry(name: string, { book, fleet, store }: Snapshot): Entry | undefined {
  if (book.configured(name) !== undefined || fleet.isModel(name)) return undefined;
  const alias = book.stored(name);
  return (
    alias &&
    store.entries.find((entry) => entry.prefix_matching !== true && keyOf(entry.alias) === keyOf(alias.name))
  );
}
