/** How long a model stays in memory, as people, clients and engines write it. */

import { expect, test } from "bun:test";

import { isUnload, keepAliveJson, keepAliveMs } from "../../src/domain/keep-alive.ts";
import { sentKeepAlive } from "../../src/domain/parameters.ts";

const MINUTE = 60_000;

test.each<[written: unknown, ms: number, sent: string]>([
  ["30m", 30 * MINUTE, "1800"],
  ["1h30m", 90 * MINUTE, "5400"],
  ["1d", 24 * 60 * MINUTE, "86400"],
  ["36500d", 36_500 * 24 * 60 * MINUTE, "3153600000"],
  ["1.5h", 90 * MINUTE, "5400"],
  [" 5m ", 5 * MINUTE, "300"],
  ["+5m", 5 * MINUTE, "300"],
  ["250ms", 250, '"250ms"'],
  [300, 5 * MINUTE, "300"],
  ["300", 5 * MINUTE, "300"],
  ["+300", 5 * MINUTE, "300"],
  [1.5, 1500, '"1500ms"'],
  ["1.5", 1500, '"1500ms"'],
  [0, 0, "0"],
  [-0, -0, "0"],
  ["0", 0, "0"],
  ["0s", 0, "0"],
  ["-0s", 0, "0"],
  ["0h0m", 0, "0"],
  [-1, Infinity, "-1"],
  ["-1", Infinity, "-1"],
  [-0.5, Infinity, "-1"],
  ["-5m", Infinity, "-1"],
  ["-1ms", Infinity, "-1"],
  [Infinity, Infinity, "-1"],
])("%p is understood, and sent as an engine reads it", (written, ms, sent) => {
  expect(keepAliveMs(written)).toBe(ms);
  expect(JSON.stringify(keepAliveJson(ms))).toBe(sent);
});

test.each<unknown>([
  ...["", " ", "-", "--5m", "+-5m", "5 m", "5M", "5 minutes", "forever", "∞", "1h-5m", "m", ".", "1e3"],
  ...[Number.NaN, true, null, undefined, {}, [[5]], new Date(0), 5n],
])("nobody understands %p", (value) => {
  expect(keepAliveMs(value)).toBeUndefined();
});

test("a time that is no whole number of milliseconds is sent without an exponent, and never becomes 0", () => {
  for (const [written, sent] of [
    ["0.0000001ms", "1ms"],
    [1e-10, "1ms"],
    ["2.0004s", 2],
    ["2.3s", "2300ms"],
    [1.1, "1100ms"],
  ] as const) {
    expect(sentKeepAlive({ keep_alive: written })).toBe(sent);
  }
});

test("what is longer than Go can count is for ever, rather than for no time at all", () => {
  // Go multiplies seconds by 10^9 in 64 bits with a sign: 2^63 is 9_223_372_036.85 * 10^9
  expect(sentKeepAlive({ keep_alive: 9_223_372_036 })).toBe(9_223_372_036);
  expect(sentKeepAlive({ keep_alive: 9_999_999_999 })).toBe(-1);
});

test("where nothing is said nothing is sent", () => {
  expect(sentKeepAlive({})).toBeUndefined();
  expect(sentKeepAlive({ options: { num_ctx: 1 } })).toBeUndefined();
});

test.each([0, -0, 0.9, "0", "-0", "+0", "0s", "0m", "0h0m0s", "0.0s", "0.s", ".0s", "-0s", "00ms", "0µs"])(
  "a client's %p lets go of the model",
  (value) => expect(isUnload(value)).toBe(true),
);

test.each([
  1,
  -1,
  -0.5,
  1e-9 + 1,
  "1s",
  "0s1ms",
  "-1",
  "-0.5s",
  "",
  "00",
  "s",
  ".s",
  "0 s",
  "0d",
  null,
  true,
  {},
])("a client's %p does not", (value) => expect(isUnload(value)).toBe(false));
