/** The entries of the alias store: which of them can be read, and how one is set or taken out among the others. */

import * as v from "valibot";

import { isWeight } from "../domain/alias.ts";
import { nameIdentity } from "../domain/book.ts";
import { type Entry, entryOf, storedAlias } from "../domain/entry.ts";
import { fold, isName, keyOf } from "../domain/name.ts";
import { shortestName } from "../domain/ollama-name.ts";
import { parameterEntries } from "../domain/parameter-schema.ts";
import { type Document, isJsonObject, type JsonObject } from "./document.ts";

const name = v.pipe(v.string(), v.check(isName));
const weight = v.pipe(v.number(), v.check(isWeight));
const target = v.union([
  name,
  v.object({ model: name, backend: v.optional(v.string()), weight: v.optional(weight) }),
]);

const StoredEntry = v.object({
  alias: name,
  target: v.optional(name),
  prefix_matching: v.nullish(v.boolean()),
  targets: v.optional(v.pipe(v.array(target), v.minLength(1))),
  strategy: v.optional(v.picklist(["pool", "order"])),
  listed: v.optional(v.boolean()),
  echo: v.optional(v.boolean()),
  ...parameterEntries,
});

/** The keys of an entry that are ours to write. */
const OWN_KEYS = new Set(Object.keys(StoredEntry.entries));

/** The entries that can be read, sorted by name; of those with the same name the last. */
export function entriesOf({ aliases }: Document): Entry[] {
  const byIdentity = new Map<string, Entry>();
  for (const raw of aliases) {
    const entry = entryFrom(raw);
    if (entry !== undefined) byIdentity.set(identityOf(entry), entry);
  }
  return [...byIdentity.values()].sort(
    (a, b) =>
      compare(a.alias, b.alias) || Number(a.prefix_matching ?? false) - Number(b.prefix_matching ?? false),
  );
}

/** How many entries cannot be read. They stay in the file, without any effect. */
export function unreadableEntries({ aliases }: Document): number {
  return aliases.filter((raw) => entryFrom(raw) === undefined).length;
}

/** The document with this entry in the place of the one it replaces, or at the end. Foreign keys of that one stay. */
export function withEntry(document: Document, entry: Entry): Document {
  const at = document.aliases.findLastIndex((raw) => isOf(raw, entry));
  const before = document.aliases[at];
  const after = { ...(isJsonObject(before) ? foreignPart(before) : {}), ...entry };
  return {
    ...document,
    aliases: at === -1 ? [...document.aliases, after] : document.aliases.with(at, after),
  };
}

/** The document without this entry, or any other of its name. */
export function withoutEntry(document: Document, entry: Entry): Document {
  return { ...document, aliases: document.aliases.filter((raw) => !isOf(raw, entry)) };
}

/** A change of one entry leaves the others as they were: thousands need not be read again for it. */
const known = new WeakMap<object, Entry | undefined>();

function entryFrom(raw: unknown): Entry | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  if (!known.has(raw)) known.set(raw, readEntry(raw));
  return known.get(raw);
}

function readEntry(raw: object): Entry | undefined {
  const read = v.safeParse(StoredEntry, withNumbers(raw));
  if (!read.success) return undefined;
  const entry = entryOf(read.output);
  if (entry.target === "") return undefined;
  // whoever writes a name by hand may write it out in full; a prefix is a text rather than a name
  return entry.prefix_matching === true ? entry : { ...entry, alias: shortestName(entry.alias) };
}

/** The document's numbers are kept as they are written: here they are numbers. */
function withNumbers(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(withNumbers);
  if (typeof raw !== "object" || raw === null) return raw;
  if (JSON.isRawJSON(raw)) return Number(JSON.stringify(raw));
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, withNumbers(value)]));
}

/** Also one that cannot be read, as far as it has a name. */
function isOf(raw: unknown, { alias, prefix_matching: isPrefix = false }: Entry): boolean {
  if (!isJsonObject(raw) || typeof raw["alias"] !== "string") return false;
  return (raw["prefix_matching"] === true) === isPrefix && isSame(raw["alias"], alias, isPrefix);
}

/** Prefixes are texts rather than names. */
function isSame(a: string, b: string, isPrefix: boolean): boolean {
  return isPrefix ? fold(a) === fold(b) : keyOf(a) === keyOf(b);
}

function identityOf(entry: Entry): string {
  return nameIdentity(storedAlias(entry));
}

function foreignPart(raw: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !OWN_KEYS.has(key)));
}

/** By code units, as Ollama's list has it: upper case goes first. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
