/** A minute of traffic while backends die, freeze, dawdle and refuse: nobody gets less than a healthy one could give. */

import { expect, test } from "bun:test";

import { summaryOf } from "../support/soak/summary.ts";
import { soak } from "./scenarios/soak.ts";

const LENGTH_MS = 60_000;

/** More than twice what it takes at work: a stream that is kept, or a log of all answers, would be more in a minute. */
const MOST_MIB = 200;

// SEED=n brings the same plan back
test("64 clients and three backends, one of which is healthy at any time", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const soaked = await soak(LENGTH_MS, seed);
  console.log(summaryOf(soaked));
  expect(soaked.failures).toEqual([]);
  expect(soaked.outcomes.filter(({ isOwed }) => isOwed).length).toBeGreaterThan(soaked.outcomes.length / 3);
  expect(Math.max(...soaked.rssMib)).toBeLessThan(MOST_MIB);
}, 200_000);
