/** Five hundred reloads under load: nothing fails, nothing goes astray, and memory does not grow with them. */

import { expect, test } from "bun:test";

import { reloadUnderLoad } from "../support/reload-load.ts";

const RELOADS = 500;

/** What memory may grow by between the first tenth of the reloads and the last, which is far less than a leak would take. */
const SPARE_MIB = 48;

test(`${RELOADS} reloads while a dozen clients ask on and on`, async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  const report = await reloadUnderLoad(RELOADS, seed);
  console.log(`SEED=${seed}`, report.requests, "requests,", report.sure, "sure; MiB:", ...report.rssMib);
  expect(report.failed).toEqual([]);
  expect(report.wrong).toEqual([]);
  expect(report.sure).toBeGreaterThan(RELOADS / 3);
  expect((report.rssMib.at(-1) ?? 0) - (report.rssMib[0] ?? 0)).toBeLessThan(SPARE_MIB);
}, 300_000);
