/** However a store's file is damaged, it is read whole or kept whole, and a change on top loses nothing. */

import { expect, test } from "bun:test";

import { fuzzStore } from "../long/scenarios/fuzz-store.ts";

test("500 damaged files", async () => {
  const seen = await fuzzStore(500);
  if (process.env["SEED"] === undefined) expect(Math.min(seen.stores, seen.aside)).toBeGreaterThan(50);
}, 60_000);
