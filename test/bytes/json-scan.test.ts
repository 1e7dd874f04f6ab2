/** JSON text is stepped through in its bytes. */

import { expect, test } from "bun:test";

import { skipBlanks, skipNested, skipString } from "../../src/bytes/json-scan.ts";
import { ANY_LINES, randomValue } from "../support/random-json.ts";
import { forSeeds } from "../support/random.ts";

test.each([
  ["", 0],
  ["x", 0],
  [" \t\r\nx", 4],
  ["   ", 3],
  ["\u00a0x", 0],
  ["\fx", 0],
])("the blanks of %j end at %d", (text, end) => {
  expect(skipBlanks(Buffer.from(text), 0)).toBe(end);
});

test.each([
  ['""', 2],
  ['"abc" rest', 5],
  [String.raw`"a\"b" rest`, 6],
  [String.raw`"\\" rest`, 4],
  [String.raw`"\\\" rest"`, 11],
  ['"é🦙"', 8],
  ['"two\nlines"', 11],
  ['"', -1],
  ['"abc', -1],
  [String.raw`"abc\"`, -1],
])("the string in %j ends at %d", (text, end) => {
  expect(skipString(Buffer.from(text), 0)).toBe(end);
});

test("a slash before a string is none of its own", () => {
  const bytes = Buffer.from(String.raw`\"" x`);
  expect(skipString(bytes, 1)).toBe(3);
});

test.each([
  ["{}", 2],
  ["[[],[{}]] rest", 9],
  ['{"a":"}"} rest', 9],
  [String.raw`["\"]",1] rest`, 9],
  ["{", -1],
  ["[[]", -1],
  ['["]', -1],
])("what opens in %j ends at %d", (text, end) => {
  expect(skipNested(Buffer.from(text), 0)).toBe(end);
});

test("any value is stepped over, wherever it stands, and is not whole a byte earlier", () => {
  forSeeds(1000, (random) => {
    const [before, after] = [random.pick(["", "[", '"\\\\",']), random.pick(["", ",", "}", ' "x"'])];
    const value = randomValue(random, ANY_LINES, 0);
    if (!/^["[{]/.test(value)) return;
    const bytes = Buffer.from(before + value + after);
    const start = Buffer.byteLength(before);
    const end = start + Buffer.byteLength(value);
    const skip = value.startsWith('"') ? skipString : skipNested;
    expect([value, skip(bytes, start)]).toEqual([value, end]);
    expect(skip(bytes.subarray(0, end - 1), start)).toBe(-1);
  });
});

test.each([
  ["deeply nested arrays", "[".repeat(5_000_000), skipNested],
  ["a string of slashes", `"${"\\".repeat(5_000_000)}`, skipString],
  ["a string of quoted quotes", `"${'\\"'.repeat(2_000_000)}`, skipString],
])("%s without an end are given up quickly", (_, text, skip) => {
  const bytes = Buffer.from(text);
  const startedAt = performance.now();
  expect(skip(bytes, 0)).toBe(-1);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
