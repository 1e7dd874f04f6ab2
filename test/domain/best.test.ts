/** A conversation stays at the backend that had it before, among those that are as good but for what they are doing. */

import { describe, expect, test } from "bun:test";

import { best, choose, type Standing } from "../../src/domain/choose.ts";
import { forSeeds } from "../support/random.ts";
import { candidate, type Named, randomStanding, rankOf } from "../support/standings.ts";

describe("the backend that had the conversation before", () => {
  const homeFirst = (home: Partial<Standing>, other: Partial<Standing>): string | undefined =>
    best([candidate("other", other), candidate("home", home)], ({ name }) => name === "home")?.candidate.name;

  test.each<[string, Partial<Standing>, Partial<Standing>]>([
    ["one that is less busy", { load: 9 }, { load: 0 }],
    ["one whose turn it is", { turn: 9 }, { turn: 1 }],
  ])("goes before %s", (_, home, other) => {
    expect(homeFirst(home, other)).toBe("home");
  });

  test.each<[string, Partial<Standing>, Partial<Standing>]>([
    ["an earlier target", { rank: 1 }, { rank: 0 }],
    ["the spelling that was asked", { loose: true }, {}],
    ["a higher priority", { priority: 99 }, { priority: 100 }],
    ["a model in memory", {}, { loaded: true }],
    ["an engine that has loaded its model", { starting: true }, {}],
  ])("goes behind %s", (_, home, other) => {
    expect(homeFirst(home, other)).toBe("other");
  });

  test.each<[string, Partial<Standing>, Partial<Standing>]>([
    ["the less busy", { load: 2, turn: 1 }, { load: 1, turn: 9 }],
    ["then the one whose turn it is", { load: 1, turn: 2 }, { load: 1, turn: 1 }],
  ])("may be one of several: %s goes first", (_, worse, better) => {
    const all = [candidate("other"), candidate("worse", worse), candidate("better", better)];
    expect(best(all, ({ name }) => name !== "other")?.candidate.name).toBe("better");
  });

  test("is asked for only among those that nothing of more weight tells apart", () => {
    const asked: string[] = [];
    const ask = (candidates: readonly Named[]): string => {
      asked.length = 0;
      best(candidates, ({ name }) => asked.push(name) < 0);
      return asked.join("");
    };
    expect(ask([])).toBe("");
    expect(ask([candidate("a")])).toBe("");
    expect(ask([candidate("a", { priority: 1 }), candidate("b"), candidate("c", { rank: 1 })])).toBe("");
    expect(ask([candidate("a"), candidate("b", { load: 1 }), candidate("c", { priority: 1 })])).toBe("ab");
    expect(ask([candidate("a", { loaded: true }), candidate("b"), candidate("c", { loaded: true })])).toBe(
      "ac",
    );
  });
});

test("the best is the first of all where nobody had the conversation, else the first of those at home among its equals", () => {
  forSeeds(1000, (random) => {
    const candidates = random.list(random.below(8), (index) => candidate(`${index}`, randomStanding(random)));
    const chosen = choose(candidates);
    const [first] = chosen;
    expect(best(candidates, () => false)?.candidate).toBe(first);
    const homes = new Set(candidates.filter(() => random.chance(0.3)));
    const atHome = chosen.filter((one) => homes.has(one) && first && rankOf(one) === rankOf(first));
    expect(best(candidates, (one) => homes.has(one))?.candidate).toBe(atHome[0] ?? first);
  });
});
