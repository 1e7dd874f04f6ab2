/** However a configuration is mangled, reading it gives a configuration or mistakes with a place inside the file. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { readConfig } from "../../src/config/read.ts";
import { ENVIRONMENT, readMangled, VALID } from "../support/mangled-config.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const MUTATIONS = 5000;

test("the file that is mangled is itself without mistakes", () => {
  expect(readConfig(VALID, "f", ENVIRONMENT)).toMatchObject({ kind: "config" });
});

test(`${MUTATIONS} mangled files are read, or refused with places`, () => {
  const read = readMangled(MUTATIONS, Number(process.env["SEED"] ?? 1));
  expect(read.config).toBeGreaterThan(MUTATIONS / 20);
  expect(read.mistakes).toBeGreaterThan(MUTATIONS / 20);
});
