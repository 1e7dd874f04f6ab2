/** The aliases of the file and of the store, as the alias API lists them. */

import { type Alias, isPattern } from "../domain/alias.ts";
import { configEntry, type Entry, storedAlias } from "../domain/entry.ts";
import { FAULT_TEXTS, resolve } from "../domain/resolve.ts";
import { ANYTHING } from "../domain/step.ts";
import { missingBehind } from "./missing.ts";
import { shadowOf } from "./shadow.ts";
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
interface AliasRow extends Entry {
  readonly source: Alias["source"];
  /** It has no effect, because the file or a model bears its name. */
  readonly shadowed: boolean;
  readonly shadowed_by?: "config" | "model";
  /** It is a pattern that is more than a prefix. */
  readonly pattern?: true;
  /** Why it cannot be followed to any model. */
  readonly broken?: string;
  /** Which models it stands for that nobody has. */
  readonly missing?: readonly string[];
}

export function aliasRows(snapshot: AliasView): AliasRow[] {
  const { config, store } = snapshot;
  return [
    ...config.aliases.map((alias) => rowOf(configEntry(alias) ?? patternEntry(alias), alias, snapshot)),
    ...store.entries.map((entry) => rowOf(entry, storedAlias(entry), snapshot)),
  ].sort(byAlias);
}

function rowOf(entry: Entry, alias: Alias, snapshot: AliasView): AliasRow {
  const shadow = shadowOf(alias, snapshot);
  const broken = shadow === undefined ? whyBroken(alias, snapshot) : undefined;
  const missing = shadow === undefined && broken === undefined ? missingBehind(alias, snapshot) : [];
  return {
    ...entry,
    source: alias.source,
    shadowed: shadow !== undefined,
    ...(shadow === undefined ? {} : { shadowed_by: shadow }),
    ...(broken === undefined ? {} : { broken }),
    ...(missing.length === 0 ? {} : { missing }),
  };
}

function patternEntry({ name, targets, strategy, listed, echo }: Alias): Entry & { readonly pattern: true } {
  const { model } = targets[0] ?? { model: "" };
  return { alias: name, target: model, pattern: true, targets, strategy, listed, echo };
}

/** Why an alias that nothing shadows cannot be followed to any model. */
export function whyBroken(
  alias: Alias,
  { book, fleet }: Pick<Snapshot, "book" | "fleet">,
): string | undefined {
  const stars = alias.source === "stored" ? /\*$/ : /\*/g;
  const name = isPattern(alias) ? alias.name.replace(stars, ANYTHING) : alias.name;
  const resolution = resolve(name, book, fleet.isModel);
  return resolution.kind === "broken" ? FAULT_TEXTS[resolution.why] : undefined;
}

/** By code units, as Ollama sorts. */
function byAlias(a: Entry, b: Entry): number {
  return a.alias < b.alias ? -1 : Number(a.alias > b.alias);
}
