/** The best candidate comes first, and equals take turns. */

import { expect, test } from "bun:test";

import { choose, type Standing } from "../../src/domain/choose.ts";
import { forSeeds, type Random } from "../support/random.ts";

interface Named extends Standing {
  readonly name: string;
}

function candidate(name: string, standing: Partial<Standing> = {}): Named {
  return { name, rank: 0, loose: false, priority: 100, loaded: false, inflight: 0, ...standing };
}

function names(candidates: readonly Named[], turn = 0): string {
  return choose(candidates, turn)
    .map(({ name }) => name)
    .join("");
}

test.each<[sentence: string, better: Partial<Standing>, worse: Partial<Standing>]>([
  ["the first target of an order", { rank: 0 }, { rank: 1 }],
  ["a name spelled as it was asked", { loose: false }, { loose: true }],
  ["a higher priority", { priority: 101 }, { priority: 100 }],
  ["a model in memory", { loaded: true }, { loaded: false }],
  ["fewer requests in flight", { inflight: 1 }, { inflight: 2 }],
  ["a negative priority, if the other's is lower yet", { priority: -1 }, { priority: -2 }],
  [
    "the target's place before spelling",
    { rank: 0, loose: true, priority: 1, inflight: 9 },
    { rank: 1, priority: 100, loaded: true },
  ],
  ["spelling before priority", { priority: 1, inflight: 9 }, { loose: true, priority: 100, loaded: true }],
  ["priority before what is in memory", { priority: 101, inflight: 9 }, { loaded: true }],
  ["what is in memory before requests in flight", { loaded: true, inflight: 9 }, { inflight: 0 }],
])("first comes %s", (_, better, worse) => {
  for (let turn = 0; turn < 4; turn++) {
    expect(names([candidate("a", better), candidate("b", worse)], turn)).toBe("ab");
    expect(names([candidate("b", worse), candidate("a", better)], turn)).toBe("ab");
  }
});

test("equals take turns, and keep their order behind the first", () => {
  const equals = ["a", "b", "c"].map((name) => candidate(name));
  const turns = [0, 1, 2, 3, 4, 5, 6].map((turn) => names(equals, turn));
  expect(turns).toEqual(["abc", "bca", "cab", "abc", "bca", "cab", "abc"]);
});

test("equals that are not the best take turns where they are", () => {
  const candidates = [candidate("x", { priority: 200 }), candidate("a"), candidate("b")];
  const turns = [0, 1, 2, 3, 4, 5].map((turn) => names(candidates, turn));
  expect(new Set(turns)).toEqual(new Set(["xab", "xba"]));
});

test("no candidates are none, and one is one, whatever the turn", () => {
  for (const turn of [0, 1, 7, Number.MAX_SAFE_INTEGER]) {
    expect(names([], turn)).toBe("");
    expect(names([candidate("a")], turn)).toBe("a");
  }
});

test("what was given is left as it was", () => {
  const given = [candidate("b", { priority: 1 }), candidate("a")];
  const before = structuredClone(given);
  choose(given, 1);
  expect(given).toEqual(before);
});

test("all candidates are there, each at least as good as the next, whatever the turn", () => {
  forSeeds(500, (random) => {
    const candidates = random.list(random.below(8), (index) => candidate(`${index}`, randomStanding(random)));
    const chosen = choose(candidates, random.below(1000));
    expect(new Set(chosen)).toEqual(new Set(candidates));
    expect(chosen.length).toBe(candidates.length);
    const places = chosen.map(placeOf);
    expect(places).toEqual([...places].sort());
  });
});

function randomStanding(random: Random): Standing {
  return {
    rank: random.below(2),
    loose: random.chance(0.5),
    priority: 100 + random.below(3),
    loaded: random.chance(0.5),
    inflight: random.below(3),
  };
}

/** A text that sorts like the candidate does. */
function placeOf({ rank, loose, priority, loaded, inflight }: Standing): string {
  return [rank, loose ? 1 : 0, 999 - priority, loaded ? 0 : 1, inflight].join();
}
