/** Finds the stored alias that a name stands for. */

import { isPattern } from "../domain/alias.ts";
import type { Entry } from "../domain/entry.ts";
import { keyOf } from "../domain/name.ts";
import { aliasOf } from "../domain/step.ts";
import type { Snapshot } from "./snapshot.ts";

/** Undefined where the file or a model bears the name, or only a pattern matches it. */
export function storedEntry(name: string, { book, fleet, store }: Snapshot): Entry | undefined {
  const alias = aliasOf(name, book, fleet.isOpen)?.alias;
  if (alias === undefined || alias.source === "config" || isPattern(alias)) return undefined;
  return store.entries.find(
    (entry) => entry.prefix_matching !== true && keyOf(entry.alias) === keyOf(alias.name),
  );
}
