/** The best candidate comes first, equals take turns, and it can be told why one goes before another. */

import { expect, test } from "bun:test";

import { best, choose, type Reason, reasonBefore, type Standing } from "../../src/domain/choose.ts";
import { forSeeds } from "../support/random.ts";
import { candidate, type Named, placeOf, randomStanding } from "../support/standings.ts";

function names(candidates: readonly Named[]): string {
  return choose(candidates)
    .map(({ name }) => name)
    .join("");
}

const nobody = (): boolean => false;

test.each<[sentence: string, better: Partial<Standing>, worse: Partial<Standing>]>([
  ["the first target of an order", { rank: 0 }, { rank: 1 }],
  ["a name spelled as it was asked", { loose: false }, { loose: true }],
  ["a higher priority", { priority: 101 }, { priority: 100 }],
  ["a model in memory", { loaded: true }, { loaded: false }],
  ["an engine that is not still loading its model", { starting: false }, { starting: true }],
  ["fewer requests in flight", { load: 1 }, { load: 2 }],
  ["fewer requests in flight for its weight", { load: 3 / 4 }, { load: 1 / 1 }],
  ["a negative priority, if the other's is lower yet", { priority: -1 }, { priority: -2 }],
  [
    "the target's place before spelling",
    { rank: 0, loose: true, priority: 1, load: 9 },
    { rank: 1, priority: 100, loaded: true },
  ],
  ["spelling before priority", { priority: 1, load: 9 }, { loose: true, priority: 100, loaded: true }],
  ["priority before what is in memory", { priority: 101, load: 9 }, { loaded: true }],
  ["what is in memory before what is started", { loaded: true, starting: true }, { starting: false }],
  ["what is in memory before requests in flight", { loaded: true, load: 9 }, { load: 0 }],
  ["what is started before requests in flight", { load: 9 }, { starting: true, load: 0 }],
  ["requests in flight before whose turn it is", { load: 1, turn: 9 }, { load: 2, turn: 1 }],
  ["of equals, the one whose turn is the longest ago", { turn: 3 }, { turn: 4 }],
])("first comes %s", (_, better, worse) => {
  const [a, b] = [candidate("a", better), candidate("b", worse)];
  for (const both of [
    [a, b],
    [b, a],
  ]) {
    expect(names(both)).toBe("ab");
    expect(best(both, nobody)?.candidate).toBe(a);
  }
});

test("equals take turns, whoever stands between them", () => {
  const turns = new Map(["a", "x", "b", "y"].map((name) => [name, 0]));
  let firsts = "";
  for (let turn = 1; turn <= 6; turn++) {
    const candidates = [...turns].map(([name, turn]) =>
      candidate(name, { turn, priority: name > "m" ? 1 : 100 }),
    );
    const [first] = choose(candidates);
    firsts += first?.name;
    turns.set(first?.name ?? "", turn);
  }
  expect(firsts).toBe("ababab");
});

test.each<[Reason, before: Partial<Standing>, behind: Partial<Standing>]>([
  ["an earlier target", { loose: true }, { rank: 1 }],
  ["its spelling", { priority: 1 }, { loose: true }],
  ["priority", { priority: 101 }, { loaded: true }],
  ["loaded", { loaded: true, load: 2 }, { load: 1 }],
  ["started", { load: 2 }, { starting: true }],
  ["less busy", { turn: 2 }, { load: 1, turn: 1 }],
  ["its turn", { turn: 1 }, { turn: 2 }],
])("one goes before another for a reason: %s", (reason, before, behind) => {
  expect(reasonBefore(candidate("a", before), candidate("b", behind))).toBe(reason);
});

test("where nothing tells two apart there is no reason", () => {
  expect(reasonBefore(candidate("a", { turn: 1 }), candidate("b", { turn: 1 }))).toBeUndefined();
});

test("no candidates are none, and one is one", () => {
  expect(names([])).toBe("");
  expect(names([candidate("a")])).toBe("a");
  expect(best([], nobody)).toBeUndefined();
  expect(best([candidate("a")], nobody)?.candidate.name).toBe("a");
});

test("what was given is left as it was", () => {
  const given = [candidate("b", { priority: 1 }), candidate("a")];
  const before = structuredClone(given);
  choose(given);
  expect(given).toEqual(before);
});

test("all candidates are there, each at least as good as the next", () => {
  forSeeds(500, (random) => {
    const candidates = random.list(random.below(8), (index) => candidate(`${index}`, randomStanding(random)));
    const chosen = choose(candidates);
    expect(new Set(chosen)).toEqual(new Set(candidates));
    expect(chosen.length).toBe(candidates.length);
    const places = chosen.map(placeOf);
    expect(places).toEqual([...places].sort());
  });
});

test("the reason is the first thing in which two are different, whichever goes first", () => {
  forSeeds(500, (random) => {
    const [a, b] = [randomStanding(random), randomStanding(random)];
    expect(reasonBefore(a, b)).toBe(reasonBefore(b, a));
    expect(reasonBefore(a, b) === undefined).toBe(placeOf(a) === placeOf(b));
  });
});
