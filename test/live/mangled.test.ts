/** A router that is given mangled files to load runs under the last one that was a configuration. */

import { expect, test } from "bun:test";

import { loadMangled } from "../support/mangled-reloads.ts";

const FILES = 200;

test(`${FILES} mangled files in a row`, async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const { config, mistakes } = await loadMangled(FILES, seed);
  expect(config).toBeGreaterThan(FILES / 20);
  expect(mistakes).toBeGreaterThan(FILES / 20);
}, 60_000);
