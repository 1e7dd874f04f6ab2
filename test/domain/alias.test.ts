/** A star anywhere in its name makes an alias a pattern. */

import { expect, test } from "bun:test";

import { isPattern } from "../../src/domain/alias.ts";
import { alias } from "../support/aliases.ts";

test.each(["*", "gpt-*", "*-mini", "a*b"])("%j is a pattern", (name) => {
  expect(isPattern(alias(name, "m"))).toBe(true);
});

test("a star in a target alone makes no pattern", () => {
  expect(isPattern(alias("gpt", "*"))).toBe(false);
});
