/** Traffic keeps its promises in 10,000 runs of 1,000 events, seeds 1 to 10,000. */

import { expect, test } from "bun:test";

import { forSeeds } from "../support/random.ts";
import { simulate } from "../support/simulation/events.ts";
import { emptyTally } from "../support/simulation/tally.ts";

// a failure names its seed: SEED=n brings it back
test("10,000 runs of 1,000 events, and some of very many", () => {
  const tally = emptyTally();
  forSeeds(10_000, (random) => simulate(random, 1000, tally));
  forSeeds(20, (random) => simulate(random, 100_000, tally));
  if (process.env["SEED"] === undefined) expect(Math.min(...Object.values(tally))).toBeGreaterThan(10_000);
});
