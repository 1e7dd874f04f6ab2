/** While backends die, freeze, dawdle and refuse, every request is served that a healthy one could serve. */

import { expect, test } from "bun:test";

import { soak } from "../long/scenarios/soak.ts";

const LENGTH_MS = 5000;

// a minute of it is in test/long; SEED=n brings the same plan back
test("five seconds of traffic and troubles: nothing fails that need not, and nothing is left over", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const { failures, outcomes } = await soak(LENGTH_MS, seed);
  expect(failures).toEqual([]);
  expect(outcomes.filter(({ isOwed }) => isOwed).length).toBeGreaterThan(outcomes.length / 3);
}, 120_000);
