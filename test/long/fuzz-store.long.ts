/** However a store's file is damaged, it is read whole or kept whole: 20,000 files, seeds 1 to 20,000. */

import { expect, test } from "bun:test";

import { fuzzStore } from "./scenarios/fuzz-store.ts";

// a failure names its seed: SEED=n brings it back
test("20,000 damaged files", async () => {
  const seen = await fuzzStore(20_000);
  if (process.env["SEED"] === undefined)
    expect(Math.min(seen.stores, seen.aside, seen.foreign)).toBeGreaterThan(100);
});
