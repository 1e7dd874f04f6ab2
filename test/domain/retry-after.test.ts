/** `Retry-After` is read as engines and the proxies before them write it, and what says nothing is not guessed at. */

import { expect, test } from "bun:test";

import { retryAfterMs } from "../../src/domain/retry-after.ts";

/** What a server's `Retry-After` says; null: it has none. */
function read(text: string | null, finer?: string): number | undefined {
  const headers = new Map<string, string | null>([
    ["retry-after", text],
    ["retry-after-ms", finer ?? null],
  ]);
  return retryAfterMs({ get: (name) => headers.get(name) ?? null }, NOW);
}

const NOW = Date.UTC(2026, 0, 31, 23, 59, 50);

test.each([
  ["0", 0],
  ["1", 1000],
  ["30", 30_000],
  ["007", 7000],
  ["0.25", 250],
  ["1.5", 1500],
  [" 2 ", 2000],
  ["31536000", 31_536_000_000],
  // of a size that no timer takes: whoever rests has a longest rest
  ["9".repeat(400), Infinity],
])("%s is a number of seconds", (text, ms) => {
  expect(read(text)).toBe(ms);
});

test.each([
  ["Sun, 01 Feb 2026 00:00:00 GMT", 10_000],
  ["Sun, 01 Feb 2026 01:00:00 GMT", 3_610_000],
  ["Sat, 31 Jan 2026 23:59:50 GMT", 0],
  // its clock may be behind ours
  ["Sat, 31 Jan 2026 23:59:00 GMT", 0],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  // an older form, which is to be understood
  ["Sunday, 01-Feb-26 00:00:00 GMT", 10_000],
])("%s is a date", (text, ms) => {
  expect(read(text)).toBe(ms);
});

test.each([
  null,
  "",
  " ",
  "soon",
  "NaN",
  "Infinity",
  "1s",
  "1e",
  "0x10",
  "1 2 3 4",
  "\u0661",
  "a".repeat(10_000),
])("%j says nothing", (text) => {
  expect(read(text)).toBeUndefined();
});

test.each([
  ["250", "3", 250],
  ["1.5", null, 1.5],
  ["soon", "3", 3000],
])("retry-after-ms: %s goes before Retry-After: %s", (finer, text, ms) => {
  expect(read(text, finer)).toBe(ms);
});
