/** Chains of aliases are followed for ten hops and no further, and a cycle is noticed where it is met. */

import { expect, test } from "bun:test";

import { chainFaults } from "../../src/domain/chains.ts";
import { MAX_HOPS, resolve } from "../../src/domain/resolve.ts";
import { book, chain, type Written } from "../support/aliases.ts";

type Book = Readonly<Record<string, Written>>;

/** The models a name leads to, or why it leads nowhere. */
function ends(asked: string, written: Book, models: readonly string[] = []): string | string[] {
  const found = resolve(asked, book(written), (name) => models.includes(name));
  if (found.kind === "route") return found.route.targets.map(({ model }) => model);
  return found.kind === "broken" ? found.why : found.kind;
}

test("ten alias-to-alias steps are followed, the model at the end not counted", () => {
  expect(MAX_HOPS).toBe(10);
  expect(ends("a1", chain(11))).toEqual(["m"]);
});

test("the eleventh is not", () => {
  expect(ends("a1", chain(12))).toBe("too many hops");
  expect(ends("a2", chain(12))).toEqual(["m"]);
});

test("patterns are hops like others", () => {
  const written = { ...chain(10), "x-*": "a1" };
  expect(ends("x-1", written)).toEqual(["m"]);
  expect(ends("x-1", { ...written, ...chain(11) })).toBe("too many hops");
});

test("a star may lead to a chain that was too long to be seen when it was written", () => {
  expect(ends("my/a2", { ...chain(12), "my/*": "*" })).toBe("too many hops");
  expect(ends("my/a3", { ...chain(12), "my/*": "*" })).toEqual(["m"]);
});

test("one target too far away leaves the others", () => {
  expect(ends("x", { ...chain(12), x: ["a1", "n"] })).toEqual(["n"]);
  expect(ends("x", { ...chain(12), x: ["n", "a1"] })).toEqual(["n"]);
});

test("a chain that is too long falls back to a model on its way", () => {
  expect(ends("a1", chain(12), ["a1"])).toEqual(["a1"]);
  expect(ends("a1", chain(12), ["a5"])).toEqual(["a5"]);
});

const cycles: [sentence: string, asked: string, book: Book][] = [
  ["two aliases that lead to each other", "x", { x: "y", y: "x" }],
  ["three of them", "x", { x: "y", y: "z", z: "x" }],
  ["in other spellings", "x", { x: "Y:latest", y: "library/X" }],
  ["one that leads into a cycle", "w", { w: "x", x: "y", y: "x" }],
  ["a pattern whose star leads back", "my/x", { "my/*": "*", x: "y", y: "my/x" }],
];

test.each<[sentence: string, asked: string, book: Book, model: string]>([
  ["asked by its star", "gpt-5", { "gpt-*": "best", best: "gpt-4" }, "gpt-4"],
  ["asked by the alias it leads to", "best", { "gpt-*": "best", best: "gpt-4" }, "gpt-4"],
  ["that matches all there is", "anything", { "*": "fast", fast: "qwen3:32b" }, "qwen3:32b"],
  ["whose star is what it leads to", "a/a/x", { "a/*": "b/*", "b/*": "*" }, "a/x"],
])("a pattern that would only lead back leaves the name to a model: %s", (_, asked, written, model) => {
  expect(ends(asked, written)).toEqual([model]);
});

test("an alias that was met too far away is followed on a shorter way", () => {
  const links = Object.fromEntries(
    Array.from({ length: 8 }, (_, index) => [`c${index + 1}`, `c${index + 2}`]),
  );
  const written = { ...links, c9: "x", x: "y", y: "m", "p-*": ["*", "x"] };
  expect(ends("p-c1", written)).toEqual(["m"]);
});

test.each(cycles)("a cycle leads nowhere: %s", (_, asked, written) => {
  expect(ends(asked, written)).toBe("cycle");
});

test.each<[string, string, Book, string[], string[]]>([
  ["a target beside it", "x", { x: ["y", "m"], y: "x" }, [], ["m"]],
  ["a target further on", "x", { x: "y", y: ["x", "m"] }, [], ["m"]],
  ["a model that the chain falls back to", "x", { x: "y", y: "x" }, ["y"], ["y"]],
  [
    "a present model in place of the pattern",
    "gpt-5",
    { "gpt-*": "best", best: "gpt-4" },
    ["gpt-4"],
    ["gpt-4"],
  ],
])("a cycle leaves %s", (_, asked, written, models, expected) => {
  expect(ends(asked, written, models)).toEqual(expected);
});

test("a name of its own among the targets is no cycle", () => {
  expect(ends("x", { x: "x" })).toEqual(["x"]);
  expect(ends("gpt-5", { "gpt-*": "gpt-*" })).toEqual(["gpt-5"]);
});

test("one pattern can be followed for several names", () => {
  expect(ends("x", { x: ["p-1", "p-2", "p-1"], "p-*": "m*" })).toEqual(["m1", "m2"]);
});

test("aliases that share parts are each followed once", () => {
  const layers: Record<string, string[]> = {};
  const width = 12;
  for (let layer = 0; layer < MAX_HOPS; layer++) {
    for (let place = 0; place < width; place++) {
      const next = Array.from({ length: width }, (_, at) => `n${layer + 1}-${at}`);
      layers[`n${layer}-${place}`] = next;
    }
  }
  const found = resolve("n0-0", book(layers), () => false);
  if (found.kind !== "route") throw new Error(found.kind);
  expect(found.route.targets.map(({ model }) => model)).toEqual(
    Array.from({ length: width }, (_, at) => `n${MAX_HOPS}-${at}`),
  );
  expect(found.route.via.length).toBe(1 + (MAX_HOPS - 1) * width);
});

test("patterns that multiply end at a thousand targets", () => {
  const written = Object.fromEntries(
    Array.from({ length: 9 }, (_, hop) => [`p${hop}-*`, [0, 1, 2, 3, 4].map((way) => `p${hop + 1}-*${way}`)]),
  );
  expect(ends("p0-x", written)).toBe("too many targets");
  expect(chainFaults(book(written))).toEqual([]);
});

test("a text that is put in often makes no name without end", () => {
  const stars = "*".repeat(50);
  const written = Object.fromEntries(
    Array.from({ length: 10 }, (_, hop) => [`p${hop}-*`, `p${hop + 1}-${stars}`]),
  );
  expect(JSON.stringify(ends("p0-xx", written)).length).toBeLessThan(10_000);
  expect(chainFaults(book(written))).toEqual([]);
});
