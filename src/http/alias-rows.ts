/** The aliases of the file and of the store, as the alias API lists them. */

import type { Alias } from "../domain/alias.ts";
import { configEntry, type Entry, storedAlias } from "../domain/entry.ts";
import { type Hindrance, hindranceOf, isHindered } from "./hindrance.ts";
import { missingBehind } from "./missing.ts";
import type { Snapshot } from "./snapshot.ts";

/** Every name once, sorted; patterns that are more than a prefix are left out, for Ollama's fields cannot say them. */
export function plainEntries({ config, book, store }: Snapshot): Entry[] {
  const configured = config.aliases
    .map(configEntry)
    .filter((entry) => entry !== undefined && entry.alias !== "");
  const stored = store.entries.filter((entry) => !book.isConfigured(storedAlias(entry)));
  return [...configured, ...stored].filter((entry) => entry !== undefined).sort(byAlias);
}

/** What the rows are made from. */
type AliasView = Pick<Snapshot, "config" | "store" | "book" | "fleet">;

/** An entry with what there is to know about it. */
export interface AliasRow extends Entry, Hindrance {
  readonly source: Alias["source"];
  readonly shadowed: boolean;
  /** It is a pattern that is more than a prefix. */
  readonly pattern?: boolean | undefined;
  /** Which models it stands for that nobody has. */
  readonly missing?: readonly string[] | undefined;
}

export function aliasRows(snapshot: AliasView): AliasRow[] {
  const { config, store } = snapshot;
  return [
    ...config.aliases.map((alias) => rowOf(configEntry(alias) ?? patternEntry(alias), alias, snapshot)),
    ...store.entries.map((entry) => rowOf(entry, storedAlias(entry), snapshot)),
  ].sort(byAlias);
}

function rowOf(entry: Entry, alias: Alias, snapshot: AliasView): AliasRow {
  const hindrance = hindranceOf(alias, snapshot);
  const missing = isHindered(hindrance) ? [] : missingBehind(alias, snapshot);
  return {
    ...entry,
    source: alias.source,
    shadowed: hindrance.shadowed_by !== undefined,
    ...hindrance,
    ...(missing.length === 0 ? {} : { missing }),
  };
}

function patternEntry(alias: Alias): Entry & { readonly pattern: true } {
  const { name, targets, strategy, listed, echo, parameters } = alias;
  const { model } = targets[0] ?? { model: "" };
  return { alias: name, target: model, pattern: true, targets, strategy, listed, echo, ...parameters };
}

/** By code units, as Ollama sorts. */
function byAlias(a: Entry, b: Entry): number {
  return a.alias < b.alias ? -1 : Number(a.alias > b.alias);
}
