/**
 * Measures what many aliases cost: `bun run bench:names`. Ends with 1 where they add too much to the lookup of a name.
 *
 * Lookups are timed side by side with those in an empty book. What a change of one alias costs is told for the first
 * time too, when nothing of it is warm.
 */

import type { Alias } from "../src/domain/alias.ts";
import { setting } from "../src/domain/amendment.ts";
import { type Book, bookOf } from "../src/domain/book.ts";
import { type Entry, storedAlias } from "../src/domain/entry.ts";
import { keyOf } from "../src/domain/name.ts";
import { resolve } from "../src/domain/resolve.ts";
import { type Document, documentText, parseDocument } from "../src/store/document.ts";
import { entriesOf, withEntry } from "../src/store/entries.ts";

const EXACT_ALIASES = 10_000;
const PREFIX_ALIASES = 1000;
const MODELS = 200;

/** What all of them together may add to one lookup. */
const MAX_ADDED_US = 20;

const ROUNDS = 15;
const LOOKUPS_A_ROUND = 20_000;

const modelName = (index: number): string => `org/model-${index % MODELS}:8b`;
/** Of 10 to 70 characters, so that there are many lengths to look for. */
const prefixName = (index: number): string => `prefix-${index}-${"x".repeat(index % 60)}-`;

const modelKeys = new Set(Array.from({ length: MODELS }, (_, index) => keyOf(modelName(index))));
const isModel = (name: string): boolean => modelKeys.has(keyOf(name));

/** Every tenth exact alias leads to the one before it, but every hundredth to the very first. */
const entries: readonly Entry[] = [
  ...Array.from({ length: EXACT_ALIASES }, (_, index) => ({
    alias: `alias-${index}`,
    target: index % 10 !== 9 ? modelName(index) : `alias-${index % 100 === 99 ? 0 : index - 1}`,
  })),
  ...Array.from({ length: PREFIX_ALIASES }, (_, index) => ({
    alias: prefixName(index),
    target: modelName(index),
    prefix_matching: true,
  })),
];
const aliases: readonly Alias[] = entries.map(storedAlias);
const full = bookOf([], aliases);
const empty = bookOf([]);

interface Lookup {
  readonly what: string;
  readonly name: string;
  /** The model that it leads to; undefined: nothing. */
  readonly leadsTo: string | undefined;
}

const lookups: readonly Lookup[] = [
  { what: "an exact alias", name: "alias-5001", leadsTo: modelName(5001) },
  { what: "an exact alias, spelled otherwise", name: "library/Alias-5001:latest", leadsTo: modelName(5001) },
  { what: "an alias of an alias", name: "alias-5009", leadsTo: modelName(5008) },
  { what: "a prefix match", name: `${prefixName(501)}large`, leadsTo: modelName(501) },
  { what: "a prefix match in a long name", name: prefixName(3) + "x".repeat(80), leadsTo: modelName(3) },
  { what: "a model", name: modelName(7), leadsTo: modelName(7) },
  { what: "an unknown name", name: "llama3.1:8b", leadsTo: undefined },
  { what: "a long unknown name", name: `org/repo/${"x".repeat(150)}.gguf`, leadsTo: undefined },
];

function answer(name: string, book: Book): string | undefined {
  const found = resolve(name, book, isModel);
  return found.kind === "route" ? found.route.targets.map(({ model }) => model).join(" ") : undefined;
}

function microsecondsOf(name: string, book: Book): number {
  const startedAt = performance.now();
  for (let turn = 0; turn < LOOKUPS_A_ROUND; turn++) resolve(name, book, isModel);
  return ((performance.now() - startedAt) * 1000) / LOOKUPS_A_ROUND;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

function column(value: number | string, width = 11): string {
  return (typeof value === "number" ? value.toFixed(2) : value).padStart(width);
}

function benchLookups(): boolean {
  console.log(
    `${"µs per lookup".padEnd(36)}${["empty", "full", "added"].map((head) => column(head)).join("")}`,
  );
  let isFlat = true;
  for (const { what, name, leadsTo } of lookups) {
    const found = answer(name, full);
    if (found !== leadsTo) throw new Error(`"${name}" leads to ${found}, not to ${leadsTo}`);
    const rounds = Array.from({ length: ROUNDS }, () => [
      microsecondsOf(name, empty),
      microsecondsOf(name, full),
    ]);
    const [before, after] = [
      median(rounds.map(([one = 0]) => one)),
      median(rounds.map(([, two = 0]) => two)),
    ];
    isFlat &&= after - before < MAX_ADDED_US;
    console.log(`${what.padEnd(36)}${column(before)}${column(after)}${column(after - before)}`);
  }
  return isFlat;
}

/** What happens in the course of a change, in its order; the first two only for what is not known yet. */
function benchChange(): void {
  const around = { config: [], backends: [], isModel };
  const changed: Entry = { alias: "alias-0", target: "library/another" };
  const text = documentText({ top: {}, aliases: entries });
  const document = parsed(text);
  const works: readonly (readonly [string, () => unknown])[] = [
    ["parseDocument", () => parsed(text)],
    ["entriesOf", () => entriesOf(document)],
    ["setting: an exact alias", () => set(changed)],
    ["setting: a prefix", () => set({ ...changed, alias: "alias-", prefix_matching: true })],
    ["withEntry", () => withEntry(document, changed)],
    ["documentText", () => documentText(document)],
    ["bookOf", () => bookOf([], entries.map(storedAlias))],
  ];
  function set(entry: Entry): void {
    const change = setting(entry, around)(entries);
    if (!("set" in change)) throw new Error(`Refused: ${JSON.stringify(change)}`);
  }
  console.log(`${"ms per change of an alias".padEnd(36)}${column("first")}${column("median")}`);
  for (const [what, work] of works) {
    const rounds = Array.from({ length: ROUNDS }, () => {
      const startedAt = performance.now();
      work();
      return performance.now() - startedAt;
    });
    console.log(`${what.padEnd(36)}${column(rounds[0] ?? Number.NaN)}${column(median(rounds))}`);
  }
}

function parsed(text: string): Document {
  const document = parseDocument(text);
  if ("unreadable" in document) throw new Error(document.unreadable);
  return document;
}

console.log(`${EXACT_ALIASES} exact and ${PREFIX_ALIASES} prefix aliases, ${MODELS} models\n`);
benchChange();
console.log();
if (!benchLookups()) {
  console.log(`\nMore than ${MAX_ADDED_US} µs are added to a lookup.`);
  process.exitCode = 1;
}
