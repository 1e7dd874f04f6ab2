/** Backends share requests by their weights, whatever other backends get in the meantime. */

import { expect, test } from "bun:test";

import { TrafficStage } from "../support/traffic-stage.ts";

test.each([0, 1, 2, 10])(
  "one of weight 3 gets three times as many as one of weight 1, with %i requests for another model between any two",
  (others) => {
    const stage = new TrafficStage();
    const pair = [stage.party("a", { weight: 3 }), stage.party("b")];
    const elsewhere = [stage.party("c")];
    let names = "";
    for (let request = 0; request < 400; request++) {
      names += stage.inTurn(pair, 1);
      stage.inTurn(elsewhere, others);
    }
    const share = [...names].filter((name) => name === "a").length;
    expect(share).toBeWithin(295, 306);
  },
);
