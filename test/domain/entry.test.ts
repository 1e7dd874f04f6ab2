/** An alias is written with Ollama's three fields, and with ours where they say something. */

import { expect, test } from "bun:test";

import { configEntry, type Entry, entryOf, storedAlias } from "../../src/domain/entry.ts";
import { ends, exact, prefix } from "../support/alias-world.ts";
import { alias, type Written } from "../support/aliases.ts";

test.each<[sentence: string, parts: Parameters<typeof entryOf>[0], json: string]>([
  ["the three fields", { target: "m", alias: "x" }, '{"alias":"x","target":"m"}'],
  [
    "a prefix",
    { prefix_matching: true, target: "m", alias: "x" },
    '{"alias":"x","target":"m","prefix_matching":true}',
  ],
  ["no prefix", { alias: "x", target: "m", prefix_matching: false }, '{"alias":"x","target":"m"}'],
  [
    "what is null",
    {
      alias: "x",
      target: "m",
      prefix_matching: null,
      targets: null,
      strategy: null,
      listed: null,
      echo: null,
    },
    '{"alias":"x","target":"m"}',
  ],
  ["nothing", {}, '{"alias":"","target":""}'],
  ["targets", { alias: "x", targets: ["m", "n"] }, '{"alias":"x","target":"m","targets":["m","n"]}'],
  [
    "the first of the targets before any other",
    { alias: "x", target: "n", targets: [{ model: "m", backend: "attic" }] },
    '{"alias":"x","target":"m","targets":[{"model":"m","backend":"attic"}]}',
  ],
  [
    "all there is, in its order",
    { echo: true, listed: false, strategy: "pool", targets: ["m"], prefix_matching: true, alias: "x" },
    '{"alias":"x","target":"m","prefix_matching":true,"targets":["m"],"strategy":"pool","listed":false,"echo":true}',
  ],
])("an entry of %s has these keys", (_, parts, json) => {
  expect(JSON.stringify(entryOf(parts))).toBe(json);
});

const plain = { source: "stored", pattern: undefined, strategy: "pool", listed: true, echo: true } as const;

test.each<[entry: Entry, alias: object]>([
  [exact("X", "m"), { ...plain, name: "X", targets: [{ model: "m" }] }],
  [exact("x*", "m*"), { ...plain, name: "x*", targets: [{ model: "m*" }] }],
  [exact("x", "m", "n"), { ...plain, name: "x", targets: [{ model: "m" }, { model: "n" }] }],
  [prefix("GPT-", "m"), { ...plain, name: "GPT-*", pattern: ["gpt-", ""], targets: [{ model: "m" }] }],
  [prefix("a*b", "m"), { ...plain, name: "a*b*", pattern: ["a*b", ""], targets: [{ model: "m" }] }],
  [
    {
      alias: "x",
      target: "m",
      targets: [{ model: "m", backend: "attic" }, "n"],
      strategy: "order",
      listed: false,
      echo: false,
    },
    {
      ...plain,
      name: "x",
      targets: [{ model: "m", backend: "attic" }, { model: "n" }],
      strategy: "order",
      listed: false,
      echo: false,
    },
  ],
])("the entry %j is an alias", (entry, expected) => {
  expect(storedAlias(entry)).toEqual(expected as ReturnType<typeof storedAlias>);
});

test.each<[name: string, written: Written, entry: Entry | undefined]>([
  ["x", "m", exact("x", "m")],
  ["Fast:latest", "m", exact("Fast:latest", "m")],
  ["x", "m@attic", { alias: "x", target: "m", targets: [{ model: "m", backend: "attic" }] }],
  ["x", ["m", "n@attic"], { alias: "x", target: "m", targets: ["m", { model: "n", backend: "attic" }] }],
  ["x", { order: ["m", "n"] }, { ...exact("x", "m", "n"), strategy: "order" }],
  ["Claude-*", "m", prefix("Claude-", "m")],
  ["*", "m", prefix("", "m")],
  ["openai/*", "*", prefix("openai/", "*")],
  ["*-mini", "m", undefined],
  ["a*b", "m", undefined],
  ["a*b*", "m", undefined],
  ["**", "m", undefined],
])("the alias %j of the file, for %j, is listed as an entry", (name, written, entry) => {
  expect(configEntry(alias(name, written))).toEqual(entry as Entry);
});

test("an alias of the file that is hidden or has no echo says so", () => {
  const hidden = { ...alias("x", "m"), listed: false, echo: false };
  expect(configEntry(hidden)).toEqual({ ...exact("x", "m"), listed: false, echo: false });
});

test("what the file says in an entry means the same in the store", () => {
  const written: Record<string, Written> = {
    x: ["m", "n"],
    "claude-*": { order: ["x", "o"] },
    y: "claude-3",
  };
  const stored = Object.entries(written).flatMap(
    ([name, targets]) => configEntry(alias(name, targets)) ?? [],
  );
  expect(stored).toHaveLength(3);
  for (const name of ["x", "y", "claude-9", "CLAUDE-x", "other"])
    expect(ends(name, { stored })).toEqual(ends(name, { file: written }));
});
