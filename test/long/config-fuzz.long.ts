/** Mangled configurations, many of them: each is read or refused, and none brings a router down or halfway there. */

import { expect, test } from "bun:test";

import { readMangled } from "../support/mangled-config.ts";
import { loadMangled } from "../support/mangled-reloads.ts";

const READ = 20_000;
const LOADED = 2000;

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
console.log(`SEED=${seed}`);

test(`${READ} mangled files are read, or refused with places`, () => {
  const { config, mistakes } = readMangled(READ, seed);
  expect(config).toBeGreaterThan(READ / 20);
  expect(mistakes).toBeGreaterThan(READ / 20);
}, 120_000);

test(`${LOADED} mangled files in a row are loaded, or change nothing`, async () => {
  const { config, mistakes } = await loadMangled(LOADED, seed);
  expect(config).toBeGreaterThan(LOADED / 20);
  expect(mistakes).toBeGreaterThan(LOADED / 20);
}, 300_000);
