/** Entries that people wrote by hand: which count, and what a change does to those that do not. */

import { expect, test } from "bun:test";

import { unreadableEntries } from "../../src/store/entries.ts";
import { changed, documentOf, entriesIn, rawEntries } from "../support/store-text.ts";

function store(...entries: readonly unknown[]): string {
  return JSON.stringify({ version: 1, aliases: entries });
}

const HAND = { alias: "fast", target: "m" } as const;
const PREFIX = { ...HAND, prefix_matching: true } as const;

test("entries come sorted as Ollama sorts them, an exact one before the prefix of its name", () => {
  const text = store(PREFIX, { alias: "b", target: "m" }, { alias: "Z", target: "m" }, HAND, {
    alias: "a:8b",
    target: "m",
  });
  expect(
    entriesIn(text).map(({ alias, prefix_matching: isPrefix }) => (isPrefix === true ? `${alias}*` : alias)),
  ).toEqual(["Z", "a:8b", "b", "fast", "fast*"]);
});

test.each([
  ["fast", "fast"],
  ["FAST", "FAST"],
  ["fast:latest", "fast"],
  ["library/Fast", "Fast"],
  ["registry.ollama.ai/library/fast:LATEST", "fast"],
  [" fast ", "fast"],
])("of fast and %j the last one counts, in its short form", (alias, listed) => {
  const other = { alias, target: "other" };
  expect(entriesIn(store(HAND, other))).toEqual([{ alias: listed, target: "other" }]);
  expect(entriesIn(store(other, HAND))).toEqual([HAND]);
});

test("a prefix and an exact alias of one text are two", () => {
  expect(entriesIn(store(PREFIX, HAND))).toEqual([HAND, PREFIX]);
});

test("of prefixes that differ in their letters' case alone the last one counts; :latest is a text like any other", () => {
  const [upper, tagged] = [
    { ...PREFIX, alias: "FAST" },
    { ...PREFIX, alias: "fast:latest" },
  ];
  expect(entriesIn(store(PREFIX, upper, tagged))).toEqual([upper, tagged]);
});

const UNREADABLE: readonly unknown[] = [
  null,
  1,
  "fast",
  [],
  [HAND],
  {},
  { alias: "fast" },
  { target: "m" },
  { alias: "", target: "m" },
  { alias: " ", target: "m" },
  { alias: 1, target: "m" },
  { alias: "fast", target: "" },
  { alias: "fast", target: 1 },
  { alias: "fast", target: null },
  { alias: "fast", target: "m", prefix_matching: "true" },
  { alias: "fast", target: "m", prefix_matching: 1 },
  { alias: "fast", target: "m", targets: [] },
  { alias: "fast", target: "m", targets: "m" },
  { alias: "fast", target: "m", targets: ["m", 1] },
  { alias: "fast", target: "m", targets: [{ backend: "b" }] },
  { alias: "fast", target: "m", targets: [{ model: "m", weight: 0 }] },
  { alias: "fast", target: "m", targets: ["m", { model: "n", weight: "3" }] },
  { alias: "fast", target: "m", targets: [{ model: "m", weight: 1001 }] },
  { alias: "fast", target: "m", strategy: "fastest" },
  { alias: "fast", target: "m", listed: "no" },
  { alias: "fast", target: "m", echo: 0 },
  { alias: "fa\nst", target: "m" },
  { alias: "fast", target: "m\u0000" },
  { alias: "x".repeat(5000), target: "m" },
];

test.each(UNREADABLE.map((entry) => [entry]))(
  "%j has no effect, is counted, and stays in the file",
  (entry) => {
    const text = store(entry, { alias: "good", target: "m" });
    expect(entriesIn(text)).toEqual([{ alias: "good", target: "m" }]);
    expect(unreadableEntries(documentOf(text))).toBe(1);
    const [before = ""] = rawEntries(text);
    const changes = [
      { set: { alias: "good", target: "other" } },
      { remove: { alias: "good", target: "m" } },
    ] as const;
    for (const change of changes) expect(rawEntries(changed(text, change))[0]).toBe(before);
  },
);

test("an entry that cannot be read hides no earlier one of its name", () => {
  expect(entriesIn(store(HAND, { alias: "fast", target: 1 }))).toEqual([HAND]);
});

test("setting a name puts the last entry of it in order, whether it could be read or not", () => {
  const other = { alias: "other", target: "m" };
  const text = store(HAND, { alias: "FAST:latest", target: 1, note: "mine" }, other);
  const after = changed(text, { set: { alias: "fast", target: "new" } });
  expect(entriesIn(after)).toEqual([{ alias: "fast", target: "new" }, other]);
  expect(JSON.parse(after)).toEqual({
    version: 1,
    aliases: [HAND, { alias: "fast", target: "new", note: "mine" }, other],
  });
});

test("removing a name removes every entry of it, so that no earlier one comes back", () => {
  const others = [PREFIX, { alias: "fast:8b", target: "m" }, { alias: "Fast er", target: 2 }];
  const text = store(HAND, { alias: "FAST", target: "other" }, ...others, {
    alias: "library/fast:latest",
    target: 1,
  });
  const after = changed(text, { remove: { alias: "fast", target: "other" } });
  expect(JSON.parse(after)).toEqual({ version: 1, aliases: others });
});

test("removing a prefix removes each of its spellings, and no exact alias", () => {
  const text = store(PREFIX, HAND, { ...PREFIX, alias: "FAST" }, { ...PREFIX, alias: "faster" });
  const after = changed(text, { remove: PREFIX });
  expect(JSON.parse(after)).toEqual({ version: 1, aliases: [HAND, { ...PREFIX, alias: "faster" }] });
});

test("a new alias goes to the end, an old one keeps its place", () => {
  const names = (text: string): unknown[] =>
    (JSON.parse(text) as { aliases: { alias: string }[] }).aliases.map(({ alias }) => alias);
  const text = store({ alias: "z", target: "m" }, HAND, { alias: "a", target: "m" });
  expect(names(changed(text, { set: { alias: "b", target: "m" } }))).toEqual(["z", "fast", "a", "b"]);
  expect(names(changed(text, { set: { alias: "FAST", target: "m" } }))).toEqual(["z", "FAST", "a"]);
});

test.each([
  ["3", 3],
  ["3.0", 3],
  ["0.50", 0.5],
  ["1e2", 100],
  ["0.001", 0.001],
])("a weight that is written as %s is %d, and stays as it is written", (written, weight) => {
  const text = `{"aliases":[{"alias":"a","target":"m","targets":[{"model":"m","weight":${written}}]}]}`;
  expect(entriesIn(text)).toEqual([{ alias: "a", target: "m", targets: [{ model: "m", weight }] }]);
  const after = changed(text, { set: HAND });
  expect(rawEntries(after)[0]).toBe(rawEntries(text)[0] ?? "");
});

test("what an alias may carry beside Ollama's fields is read and kept", () => {
  const rich = {
    alias: "both",
    target: "m",
    targets: ["m", { model: "n", backend: "attic" }],
    strategy: "order",
    listed: false,
    echo: false,
  } as const;
  expect(entriesIn(store(rich))).toEqual([rich]);
  expect(JSON.parse(changed("{}", { set: rich }))).toEqual({ version: 1, aliases: [rich] });
});

test.each([
  [
    { alias: "a", target: "m", prefix_matching: null },
    { alias: "a", target: "m" },
  ],
  [
    { alias: "a", target: "m", prefix_matching: false },
    { alias: "a", target: "m" },
  ],
  [
    { alias: "a", targets: ["m", "n"] },
    { alias: "a", target: "m", targets: ["m", "n"] },
  ],
  [
    { alias: "a", target: "stale", targets: [{ model: "m" }] },
    { alias: "a", target: "m", targets: [{ model: "m" }] },
  ],
])("%j means %j", (written, entry) => {
  expect(entriesIn(store(written)) as unknown).toEqual([entry]);
});

test.each(["__proto__", "constructor", "toString", "bad name!", "*", "ключ", "🦙"])(
  "%j is an ordinary name",
  (alias) => {
    const text = changed("{}", { set: { alias, target: alias } });
    expect(entriesIn(text)).toEqual([{ alias, target: alias }]);
    expect(entriesIn(changed(text, { remove: { alias, target: alias } }))).toEqual([]);
  },
);
