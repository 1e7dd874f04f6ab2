/** A name leads to its targets: an alias before a model, a model before a pattern, and what they lead to in turn. */

import { expect, test } from "bun:test";

import { keyOf } from "../../src/domain/name.ts";
import type { Resolution } from "../../src/domain/resolve.ts";
import { resolve } from "../../src/domain/resolve.ts";
import { book, type Written } from "../support/aliases.ts";

type Book = Readonly<Record<string, Written>>;

function resolution(asked: string, written: Book, models: readonly string[] = []): Resolution {
  const keys = new Set(models.map(keyOf));
  return resolve(asked, book(written), (name, backend) => backend === undefined && keys.has(keyOf(name)));
}

/** The targets as `model`, `model@backend`, with `#rank` behind it where that is not 0. */
function targets(asked: string, written: Book, models: readonly string[] = []): string[] {
  const found = resolution(asked, written, models);
  if (found.kind !== "route") throw new Error(`"${asked}" is ${found.kind}`);
  return found.route.targets.map(
    ({ model, backend, rank }) =>
      model + (backend === undefined ? "" : `@${backend}`) + (rank === 0 ? "" : `#${rank}`),
  );
}

const table: [sentence: string, asked: string, book: Book, models: string[], targets: string[]][] = [
  ["an alias leads to its target", "fast", { fast: "m" }, [], ["m"]],
  ["an alias is found in any spelling", "library/FAST:latest", { fast: "m" }, [], ["m"]],
  ["a model that no alias bears leads to itself, as it was asked", "M:8b", { fast: "m" }, ["m:8b"], ["M:8b"]],
  ["an alias beats a model of its name", "m", { m: "other" }, ["m", "other"], ["other"]],
  ["an alias beats a model of its name though no one has its target yet", "x", { x: "m" }, [], ["m"]],
  ["an alias beats a pattern that is longer", "gpt-4", { "gpt-4*": "a", "gpt-4": "b" }, [], ["b"]],
  ["a model beats a pattern", "gpt-4", { "gpt-*": "a" }, ["gpt-4"], ["gpt-4"]],
  ["a model beats a pattern in any spelling", "GPT-4:latest", { "gpt-*": "a" }, ["gpt-4"], ["GPT-4:latest"]],
  ["a pattern stands for what is neither alias nor model", "gpt-4", { "gpt-*": "a" }, ["a"], ["a"]],
  ["the longest pattern wins", "gpt-4o", { "*": "a", "gpt-4*": "b", "gpt-*": "c" }, ["b"], ["b"]],
  ["a pattern matches the short form too", "library/gpt-4", { "gpt-*": "a" }, [], ["a"]],
  [
    "a star in a target takes what the pattern's star took",
    "openai/Qwen3",
    { "openai/*": "*" },
    [],
    ["Qwen3"],
  ],
  ["a star may stand anywhere in a target", "x-7b", { "x-*": "org/*-gguf" }, [], ["org/7b-gguf"]],
  ["each star of a target takes the same", "x-a", { "x-*": "*/*" }, [], ["a/a"]],
  ["the second star of a pattern is not taken", "a-1-b-2", { "a-*-b-*": "*" }, [], ["1"]],
  ["what a star took is not read as anything else", "x-$&", { "x-*": "<*>" }, [], ["<$&>"]],
  ["a client's own star stays a star", "x-*", { "x-*": "y*" }, [], ["y*"]],
  ["a star in the target of an exact alias is a letter", "x", { x: "a*" }, [], ["a*"]],

  [
    "an alias that has no target anywhere falls back to the model",
    "x",
    { x: ["a", "b"] },
    ["x"],
    ["a", "b", "x"],
  ],
  ["it does so in the spelling that was asked", "X:latest", { x: "a" }, ["x"], ["a", "X:latest"]],
  ["it does not as soon as one target is there", "x", { x: ["a", "b"] }, ["x", "b"], ["a", "b"]],
  ["a link of a chain falls back to its own model", "x", { x: "y", y: "a" }, ["y"], ["a", "y"]],
  ["a link that fell back is a target found", "x", { x: "y", y: "a" }, ["x", "y"], ["a", "y"]],
  [
    "a chain that leads nowhere falls back to the first link's model",
    "x",
    { x: "y", y: "a" },
    ["x"],
    ["a", "x"],
  ],
  [
    "it is not tried because of a target that was listed before",
    "x",
    { x: ["a", "y"], y: "a" },
    ["a", "y"],
    ["a"],
  ],
  ["a model on another backend than the named one is none", "x", { x: "a@p" }, ["a", "x"], ["a@p", "x"]],

  ["a name among its own targets is the model", "m", { m: ["m", "n"] }, [], ["m", "n"]],
  ["it is so in another spelling", "m", { m: "library/M:latest" }, [], ["library/M:latest"]],
  ["it is so where a pattern leads to a name that it matches", "gpt-5", { "gpt-*": "gpt-4" }, [], ["gpt-4"]],
  ["it is so for the links of a chain", "x", { x: "y", y: ["y", "z"] }, [], ["y", "z"]],

  [
    "an alias of aliases leads to their targets",
    "x",
    { x: ["y", "z"], y: "a", z: ["b", "c"] },
    [],
    ["a", "b", "c"],
  ],
  [
    "targets are expanded depth first, as written",
    "x",
    { x: ["y", "c"], y: ["z", "b"], z: "a" },
    [],
    ["a", "b", "c"],
  ],
  ["an alias may lead to a pattern", "x", { x: "gpt-9", "gpt-*": "org/*" }, [], ["org/9"]],
  ["but not where the model is there", "x", { x: "gpt-9", "gpt-*": "a" }, ["gpt-9"], ["gpt-9"]],
  ["a pattern may lead to an alias", "gpt-4", { "gpt-*": "best", best: "m" }, [], ["m"]],
  ["a pattern may lead to an alias by its star", "my/fast", { "my/*": "*", fast: "m" }, [], ["m"]],
  ["a target in another spelling is still the alias", "x", { x: "Y:latest", y: "m" }, [], ["m"]],
  [
    "what two ways lead to comes once",
    "x",
    { x: ["y", "z"], y: ["a", "b"], z: ["b", "a", "c"] },
    [],
    ["a", "b", "c"],
  ],
  [
    "an alias that two ways lead to comes once",
    "x",
    { x: ["y", "z", "y"], y: "w", z: "w", w: "a" },
    [],
    ["a"],
  ],
  ["the same target twice comes once", "x", { x: ["a", "a"] }, [], ["a"]],
  [
    "one model on two backends is two targets",
    "x",
    { x: ["a@p", "a@q", "a", "a@p"] },
    [],
    ["a@p", "a@q", "a"],
  ],
  ["a name beside a backend is a model's there", "x", { x: ["y@p", "y@q"], y: "a" }, [], ["y@p", "y@q"]],
];

test.each(table)("%s", (_, asked, written, models, expected) => {
  expect(targets(asked, written, models)).toEqual(expected);
});

const ranks: [sentence: string, book: Book, targets: string[]][] = [
  ["in a pool all are alike", { x: ["a", "b", "c"] }, ["a", "b", "c"]],
  ["in an order each comes after the one before", { x: { order: ["a", "b", "c"] } }, ["a", "b#1", "c#2"]],
  ["a pool within an order is one step", { x: { order: ["y", "c"] }, y: ["a", "b"] }, ["a", "b", "c#1"]],
  [
    "an order within an order comes in between",
    { x: { order: ["a", "y", "d"] }, y: { order: ["b", "c"] } },
    ["a", "b#1", "c#2", "d#3"],
  ],
  [
    "an order within a pool begins with the pool",
    { x: ["y", "c"], y: { order: ["a", "b"] } },
    ["a", "b#1", "c"],
  ],
  [
    "an order waits for the last of a pool that has an order within",
    { x: { order: ["y", "d"] }, y: ["c", "z"], z: { order: ["a", "b"] } },
    ["c", "a", "b#1", "d#2"],
  ],
  [
    "it does so wherever in the pool that stands",
    { x: { order: ["y", "d"] }, y: ["z", "c"], z: { order: ["a", "b"] } },
    ["a", "b#1", "c", "d#2"],
  ],
];

test.each(ranks)("%s", (_, written, expected) => {
  expect(targets("x", written)).toEqual(expected);
});

test("a name that is neither an alias nor a model stands for nothing", () => {
  expect(resolution("x", { y: "m", "gpt-*": "m" }, ["m"])).toEqual({ kind: "nothing" });
});

test("a route tells what was asked, which alias that is, and which were followed", () => {
  const written = { X: ["y", "gpt-1"], y: "a", "gpt-*": "y" };
  const found = resolution("x:latest", written);
  expect(found).toMatchObject({ route: { asked: "x:latest", alias: { name: "X" } } });
  expect(found).toMatchObject({ route: { via: ["X", "y", "gpt-*"] } });
  expect(resolution("a", written, ["a"])).toMatchObject({ route: { alias: undefined, via: [] } });
});
