/** Reloads under load: no request fails, and none is answered by a configuration that was not in force. */

import { expect, test } from "bun:test";

import { reloadUnderLoad } from "../support/reload-load.ts";

const RELOADS = 30;

test(`${RELOADS} reloads while a dozen clients ask on and on`, async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const report = await reloadUnderLoad(RELOADS, seed);
  expect(report.failed).toEqual([]);
  expect(report.wrong).toEqual([]);
  expect(report.sure).toBeGreaterThan(RELOADS / 3);
}, 60_000);
