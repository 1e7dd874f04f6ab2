/** Backends that are alike share requests by their weights, idle or busy, and nobody makes up for turns that it could not have. */

import { describe, expect, test } from "bun:test";

import { forSeeds } from "../support/random.ts";
import { TrafficStage } from "../support/traffic-stage.ts";

function countsOf(names: string): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]),
  );
}

describe("while they are idle", () => {
  test("equals take turns", () => {
    const stage = new TrafficStage();
    const parties = ["a", "b", "c"].map((name) => stage.party(name));
    expect(stage.inTurn(parties, 9)).toMatch(/^(abc|acb|bac|bca|cab|cba)\1\1$/);
  });

  test("one of weight 3 gets three times as many as one of weight 1", () => {
    const stage = new TrafficStage();
    const parties = [stage.party("a", { weight: 3 }), stage.party("b")];
    expect(countsOf(stage.inTurn(parties, 400))).toEqual({ a: 300, b: 100 });
  });

  test("each gets its share soon, not all of one and then all of the other", () => {
    const stage = new TrafficStage();
    const parties = [stage.party("a", { weight: 3 }), stage.party("b")];
    const names = stage.inTurn(parties, 400);
    for (let at = 0; at + 40 <= names.length; at += 10)
      expect(countsOf(names.slice(at, at + 40))["b"]).toBeWithin(9, 12);
  });

  test.each<[readonly number[], number, Record<string, number>]>([
    [[0.5, 1, 2], 700, { a: 100, b: 200, c: 400 }],
    [[1000, 1], 2002, { a: 2000, b: 2 }],
    [[0.001, 0.001], 100, { a: 50, b: 50 }],
    [[2.5, 1.5], 400, { a: 250, b: 150 }],
  ])("those of the weights %j share %i requests: %j", (weights, count, shares) => {
    const stage = new TrafficStage();
    const parties = weights.map((weight, index) => stage.party("abc".charAt(index), { weight }));
    const counts = countsOf(stage.inTurn(parties, count));
    // where the last round stops may be one more or less
    for (const [name, share] of Object.entries(shares)) expect(counts[name]).toBeWithin(share - 1, share + 2);
  });

  test("random weights are kept to", () => {
    forSeeds(50, (random) => {
      const stage = new TrafficStage();
      const parties = random.list(2 + random.below(4), (index) =>
        stage.party("abcdef".charAt(index), { weight: 0.5 + random.below(8) / 2 }),
      );
      const total = parties.reduce((sum, { weight }) => sum + weight, 0);
      const counts = countsOf(stage.inTurn(parties, 1000));
      for (const { name, weight } of parties) {
        const share = (1000 * weight) / total;
        expect(counts[name]).toBeWithin(share - parties.length, share + parties.length);
      }
    });
  });

  test("one that comes later, or comes back, has no turns to make up for", () => {
    const stage = new TrafficStage();
    const [a, b, c] = [stage.party("a"), stage.party("b"), stage.party("c")];
    stage.inTurn([a, b, c], 30);
    stage.inTurn([a, b], 1000);
    const late = stage.party("d");
    expect(countsOf(stage.inTurn([a, b, c, late], 40))).toEqual({ a: 10, b: 10, c: 10, d: 10 });
  });

  test("requests that weigh backends otherwise are shared by those weights", () => {
    const stage = new TrafficStage();
    const [a, b] = [stage.party("a", { weight: 100 }), stage.party("b")];
    expect(
      countsOf(
        stage.inTurn(
          [
            { ...a, weight: 1 },
            { ...b, weight: 3 },
          ],
          400,
        ),
      ),
    ).toEqual({ a: 100, b: 300 });
  });
});

describe("while they are busy", () => {
  test("one of weight 3 has three times as many in flight as one of weight 1", () => {
    const stage = new TrafficStage();
    const parties = [stage.party("a", { weight: 3 }), stage.party("b")];
    for (let one = 0; one < 40; one++) stage.next(parties);
    expect(parties.map(({ duty }) => duty.inflight)).toEqual([30, 10]);
  });

  test("the one that has less to do goes first, whoever's turn it is", () => {
    const stage = new TrafficStage();
    const [a, b] = [stage.party("a"), stage.party("b")];
    stage.traffic.take(a);
    expect(stage.inTurn([a, b], 5)).toBe("bbbbb");
  });

  test("one that fails at once does not look idle", () => {
    const stage = new TrafficStage();
    const [good, bad] = [stage.party("g"), stage.party("b", { limits: { failures: 1000 } })];
    let names = "";
    for (let one = 0; one < 100; one++) {
      stage.clock.advance(100);
      const { party, slot } = stage.next([good, bad]);
      slot.end(party === bad ? "answer" : "good");
      names += party.name;
    }
    expect(countsOf(names)["b"]).toBeLessThan(20);
  });
});
