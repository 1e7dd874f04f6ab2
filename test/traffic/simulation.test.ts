/** Whatever happens, in whatever order: nothing gets more than it may, and nobody waits for what is free. 2,000 runs of 1,000 events. */

import { expect, test } from "bun:test";

import { forSeeds } from "../support/random.ts";
import { simulate } from "../support/simulation/events.ts";
import { emptyTally } from "../support/simulation/tally.ts";

// a failure names its seed: SEED=n brings it back
test("traffic keeps its promises in 2,000 runs of 1,000 events", () => {
  const tally = emptyTally();
  forSeeds(2000, (random) => simulate(random, 1000, tally));
  if (process.env["SEED"] === undefined) expect(Math.min(...Object.values(tally))).toBeGreaterThan(1000);
});
