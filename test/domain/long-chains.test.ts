/** A chain of more than ten hops is not written, at whichever of its links, and others are not blamed for one. */

import { expect, setDefaultTimeout, test } from "bun:test";

import type { Entry } from "../../src/domain/entry.ts";
import { ends, exact, prefix, verdict, type World } from "../support/alias-world.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const TOO_LONG = "alias chain of more than 10 hops";

/** Stored aliases `n1` to `n12`, each of which leads to the next; the last leads to the model `n13`. */
const twelve = Array.from({ length: 12 }, (_, index) => exact(`n${index + 1}`, `n${index + 2}`));

test("ten hops are written, the eleventh is not", () => {
  expect(verdict(exact("n2", "n3"), { stored: twelve.slice(2) })).toBe("set");
  expect(verdict(exact("n1", "n2"), { stored: twelve.slice(1) })).toBe(TOO_LONG);
});

test("whichever link of eleven hops is written last is refused, and of ten hops none", () => {
  for (const link of twelve) {
    const others = twelve.filter((one) => one !== link);
    expect(verdict(link, { stored: others })).toBe(TOO_LONG);
    if (link === twelve[0]) continue;
    expect(verdict(link, { stored: others.slice(1) })).toBe("set");
  }
});

test.each<[sentence: string, entry: Entry, world: World]>([
  ["an alias of the file", exact("n2", "n3"), { file: { f: "n2" }, stored: twelve.slice(2) }],
  ["a prefix of the file", exact("n2", "n3"), { file: { "f-*": "n2" }, stored: twelve.slice(2) }],
  ["a star of the file", exact("x", "f/n3"), { file: { "f/*": "*" }, stored: twelve.slice(2) }],
  [
    "a star of the file before it",
    exact("n3", "n4"),
    { file: { x: "f/n3", "f/*": "*" }, stored: twelve.slice(3) },
  ],
  ["a stored prefix", exact("x", "n2-1"), { stored: [prefix("n2-", "n3"), ...twelve.slice(2)] }],
  ["a stored prefix that is written", prefix("x", "n2"), { stored: twelve.slice(1) }],
  ["another spelling", exact("X", "library/N2:latest"), { stored: twelve.slice(1) }],
])("a hop is a hop by %s", (_, entry, world) => {
  expect(verdict(entry, world)).toBe(TOO_LONG);
  expect(verdict(entry, { ...world, models: ["n12"] })).toBe("set");
});

test("of several targets the longest way counts", () => {
  const stored = twelve.slice(1);
  expect(verdict(exact("x", "m", "n10", "n2"), { stored })).toBe(TOO_LONG);
  expect(verdict(exact("x", "m", "n10", "n3"), { stored })).toBe("set");
});

test("a model on the way is its end", () => {
  expect(verdict(exact("n1", "n2"), { stored: twelve.slice(1), models: ["n7"] })).toBe("set");
});

test("a longer chain that is there already is nobody else's fault", () => {
  expect(verdict(exact("x", "m"), { stored: twelve })).toBe("set");
  expect(verdict(exact("x", "n8"), { stored: twelve })).toBe("set");
  expect(verdict(exact("n12", "m"), { stored: twelve })).toBe(TOO_LONG);
});

test("a chain that is too long is cut by another target for one of its links", () => {
  for (const { alias } of twelve.slice(1, -1))
    expect(verdict(exact(alias, "m"), { stored: twelve })).toBe("set");
});

test("a chain of 5,000 aliases that somebody wrote by hand is looked through", () => {
  const stored = Array.from({ length: 5000 }, (_, index) => exact(`n${index}`, `n${index + 1}`));
  expect(verdict(exact("x", "n0"), { stored })).toBe(TOO_LONG);
  expect(verdict(exact("x", "m"), { stored })).toBe("set");
  expect(verdict(exact("n5000", "m"), { stored })).toBe(TOO_LONG);
  expect(verdict(exact("n2500", "m"), { stored })).toBe(TOO_LONG);
  expect(["alias cycle detected", TOO_LONG]).toContain(verdict(exact("n5000", "n0"), { stored }));
});

test("an alias that 50,000 others lead to is written in no time", () => {
  const stored = Array.from({ length: 50_000 }, (_, index) => exact(`a${index}`, "fast"));
  const startedAt = performance.now();
  expect(verdict(exact("fast", "m"), { stored })).toBe("set");
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test("patterns that stand for millions of names are looked through in no time", () => {
  const stars = Array.from({ length: 9 }, (_, hop) => [
    `p${hop}-*`,
    Array.from({ length: 6 }, (__, way) => `p${hop + 1}-*${way}`),
  ]);
  const file = Object.fromEntries(stars);
  const startedAt = performance.now();
  expect(verdict(exact("x", "p0-y"), { file })).toBe("set");
  expect(ends("x", { file, stored: [exact("x", "p0-y")] })).toBe("too many targets");
  expect(performance.now() - startedAt).toBeLessThan(3000);
});
