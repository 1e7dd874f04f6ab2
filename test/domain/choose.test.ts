/** The best candidate comes first, and equals take turns. */

import { expect, test } from "bun:test";

import { choose, type Standing } from "../../src/domain/choose.ts";
import { forSeeds, type Random } from "../support/random.ts";

interface Named extends Standing {
  readonly name: string;
}

function candidate(name: string, standing: Partial<Standing> = {}): Named {
  return {
    name,
    rank: 0,
    loose: false,
    priority: 100,
    loaded: false,
    starting: false,
    load: 0,
    turn: 0,
    ...standing,
  };
}

function names(candidates: readonly Named[]): string {
  return choose(candidates)
    .map(({ name }) => name)
    .join("");
}

test.each<[sentence: string, better: Partial<Standing>, worse: Partial<Standing>]>([
  ["the first target of an order", { rank: 0 }, { rank: 1 }],
  ["a name spelled as it was asked", { loose: false }, { loose: true }],
  ["a higher priority", { priority: 101 }, { priority: 100 }],
  ["a model in memory", { loaded: true }, { loaded: false }],
  ["fewer requests in flight", { load: 1 }, { load: 2 }],
  ["a negative priority, if the other's is lower yet", { priority: -1 }, { priority: -2 }],
  [
    "the target's place before spelling",
    { rank: 0, loose: true, priority: 1, load: 9 },
    { rank: 1, priority: 100, loaded: true },
  ],
  ["spelling before priority", { priority: 1, load: 9 }, { loose: true, priority: 100, loaded: true }],
  ["priority before what is in memory", { priority: 101, load: 9 }, { loaded: true }],
  ["what is in memory before requests in flight", { loaded: true, load: 9 }, { load: 0 }],
  ["requests in flight before whose turn it is", { load: 1, turn: 9 }, { load: 2, turn: 1 }],
  ["of equals, the one whose turn is the longest ago", { turn: 3 }, { turn: 4 }],
])("first comes %s", (_, better, worse) => {
  expect(names([candidate("a", better), candidate("b", worse)])).toBe("ab");
  expect(names([candidate("b", worse), candidate("a", better)])).toBe("ab");
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

test("no candidates are none, and one is one", () => {
  expect(names([])).toBe("");
  expect(names([candidate("a")])).toBe("a");
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

function randomStanding(random: Random): Standing {
  return {
    rank: random.below(2),
    loose: random.chance(0.5),
    priority: 100 + random.below(3),
    loaded: random.chance(0.5),
    starting: random.chance(0.2),
    load: random.below(3),
    turn: random.below(3),
  };
}

/** A text that sorts like the candidate does. */
function placeOf({ rank, loose, priority, loaded, starting, load, turn }: Standing): string {
  return [rank, loose ? 1 : 0, 999 - priority, loaded ? 0 : 1, starting ? 1 : 0, load, turn].join();
}
