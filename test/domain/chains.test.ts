/** Cycles and chains of too many hops are found where they are written. */

import { expect, test } from "bun:test";

import { bookOf } from "../../src/domain/book.ts";
import { chainFaults } from "../../src/domain/chains.ts";
import { MAX_HOPS, resolve } from "../../src/domain/resolve.ts";
import { alias, book, chain, type Written } from "../support/aliases.ts";
import { forSeeds, type Random } from "../support/random.ts";

type Book = Readonly<Record<string, Written>>;

/** Each fault with its path in one line. */
function faults(written: Book): string[] {
  return chainFaults(book(written)).map(({ kind, path }) => `${kind}: ${path.join(" > ")}`);
}

const sound: [sentence: string, book: Book][] = [
  ["no aliases", {}],
  ["aliases of models", { x: "m", y: ["m", "n"], "gpt-*": "m" }],
  ["a name among its own targets", { x: ["x", "m"] }],
  ["a name among its own targets in another spelling", { x: "library/X:latest" }],
  ["a pattern that leads to a name it matches", { "gpt-*": "gpt-4" }],
  ["a pattern that takes its star's text", { "openai/*": "*" }],
  ["a chain of ten hops", chain(11)],
  ["shared parts", { x: ["y", "z"], y: "w", z: "w", w: "m" }],
  ["an alias met twice", { x: ["y", "y"], y: "m" }],
  ["targets on backends, which are models", { x: "y@p", y: "x@q" }],
  ["a pattern for all, and the alias it leads to", { "*": "fast", fast: "qwen3:32b" }],
  ["a pattern and an alias whose model it matches", { "gpt-*": "best", best: "gpt-4" }],
  ["patterns that lead to one another in one direction", { "a-*": "b-*", "b-*": "c-*" }],
];

test.each(sound)("%s are fine", (_, written) => {
  expect(faults(written)).toEqual([]);
});

const cycles: [sentence: string, book: Book, path: string][] = [
  ["two aliases", { x: "y", y: "x" }, "x > y > x"],
  ["three aliases", { x: "y", y: "z", z: "x" }, "x > y > z > x"],
  ["other spellings", { x: "Y:latest", y: "library/X" }, "x > y > x"],
  ["one of several targets", { x: ["m", "y"], y: { order: ["n", "x"] } }, "x > y > x"],
  ["two patterns", { "x-*": "y-*", "y-*": "x-*" }, "x-* > y-* > x-*"],
  ["aliases that a pattern leads to", { "gpt-*": "x", x: "y", y: "x" }, "x > y > x"],
  ["two targets on the way back", { x: "y", y: ["x", "library/x"] }, "x > y > x"],
  [
    "patterns whose stars stand in the middle",
    { "x-*-1": "y-*-2", "y-*-2": "x-*-1" },
    "x-*-1 > y-*-2 > x-*-1",
  ],
  ["an alias that leads into it", { w: "x", x: "y", y: "x" }, "x > y > x"],
];

test.each(cycles)("a cycle is told once, with its way back to where it began: %s", (_, written, path) => {
  expect(faults(written)).toEqual([`cycle: ${path}`]);
});

test("a cycle is told at the alias that it begins with", () => {
  const [fault] = chainFaults(book({ w: "x", x: "y", y: "x" }));
  expect(fault?.alias.name).toBe("x");
});

test("cycles that have nothing in common are each told", () => {
  expect(faults({ a: "b", b: "a", c: "d", d: "e", e: "c" })).toEqual([
    "cycle: a > b > a",
    "cycle: c > d > e > c",
  ]);
});

test("a chain of eleven hops is told where it begins, with all its names", () => {
  const path = Object.keys(chain(12)).join(" > ");
  expect(faults(chain(12))).toEqual([`too many hops: ${path}`]);
  expect(chainFaults(book(chain(12)))[0]?.alias.name).toBe("a1");
});

test("a longer one is told once, where its last eleven hops begin", () => {
  const path = Object.keys(chain(30)).slice(18).join(" > ");
  expect(faults(chain(30))).toEqual([`too many hops: ${path}`]);
});

test("a pattern on the way is a hop", () => {
  expect(faults({ ...chain(10), "x-*": "a1" })).toEqual([]);
  expect(faults({ ...chain(9), "x-*": "a1", y: "x-1" })).toEqual([]);
  expect(faults({ ...chain(10), "x-*": "a1", y: "x-1" }).length).toBe(1);
});

test("a chain and a cycle are both told", () => {
  const kinds = chainFaults(book({ ...chain(12), x: "y", y: "x" })).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(["cycle", "too many hops"]);
});

test("5,000 aliases in one chain are looked through", () => {
  expect(faults(chain(5000)).length).toBe(1);
});

test("5,000 aliases in one cycle are looked through", () => {
  const kinds = chainFaults(book({ ...chain(5000), a5000: "a1" })).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "cycle").length).toBe(1);
});

test("aliases of which each leads to many others are looked through once", () => {
  const width = 20;
  const written: Record<string, string[]> = {};
  for (let layer = 0; layer < MAX_HOPS; layer++) {
    const next = Array.from({ length: width }, (_, place) => `n${layer + 1}-${place}`);
    for (let place = 0; place < width; place++) written[`n${layer}-${place}`] = next;
  }
  expect(faults(written)).toEqual([]);
});

test("a book without faults resolves every alias; a cycle or a long chain in any other is told", () => {
  const seen = { sound: 0, cyclic: 0, long: 0 };
  forSeeds(1000, (random) => {
    const graph = randomGraph(random);
    const aliases = [...graph].map(([name, targets]) => alias(name, targets));
    const kinds = new Set(chainFaults(bookOf(aliases)).map(({ kind }) => kind));
    const longest = longestChain(graph);
    if (longest === Infinity) {
      seen.cyclic++;
      expect(kinds).toContain("cycle");
      return;
    }
    expect([...kinds]).toEqual(longest > MAX_HOPS ? ["too many hops"] : []);
    if (longest > MAX_HOPS) {
      seen.long++;
      return;
    }
    seen.sound++;
    for (const { name } of aliases) {
      const found = resolve(name, bookOf(aliases), () => false);
      expect(found.kind).toBe("route");
    }
  });
  if (process.env["SEED"] === undefined) expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
});

/** Mostly chains, downwards; now and then a step back. */
function randomGraph(random: Random): Map<string, string[]> {
  const count = 1 + random.below(20);
  const stepsBack = random.chance(0.3);
  const next = (index: number): string =>
    `n${stepsBack && random.chance(0.1) ? random.below(count) : index + 1 + random.below(2)}`;
  const names = random.list(count, (index): [string, string[]] => [
    `n${index}`,
    random.list(1 + random.below(2), () => next(index)),
  ]);
  return new Map(random.shuffled(names));
}

/** The number of hops of the longest chain, self-references left out; Infinity where there is a cycle. */
function longestChain(graph: ReadonlyMap<string, readonly string[]>): number {
  const hopsFrom = (name: string, trail: readonly string[]): number => {
    if (trail.includes(name)) return Infinity;
    const next = (graph.get(name) ?? []).filter((target) => target !== name && graph.has(target));
    return Math.max(0, ...next.map((target) => 1 + hopsFrom(target, [...trail, name])));
  };
  return Math.max(...[...graph.keys()].map((name) => hopsFrom(name, [])));
}
