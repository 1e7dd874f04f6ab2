/** Durations and sizes are read as people write them, and nothing else is taken for one. */

import { expect, test } from "bun:test";

import { parseSize } from "../../src/config/size.ts";
import { parseDuration } from "../../src/domain/duration.ts";

test.each([
  ["0s", 0],
  ["1ms", 1],
  ["250ms", 250],
  ["2s", 2000],
  ["007s", 7000],
  ["1.5s", 1500],
  ["0.25s", 250],
  ["10m", 600_000],
  ["1h", 3_600_000],
  ["1d", 86_400_000],
  ["1h30m", 5_400_000],
  ["1d2h3m4s5ms", 93_784_005],
  ["1.5h30s", 5_430_000],
  ["1m1m", 120_000],
])("%s is a duration of %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  "",
  "s",
  "2",
  "2 s",
  " 2s",
  "2s ",
  "2s\n",
  "-2s",
  "+2s",
  "2S",
  "2sec",
  "1h 30m",
  ".5s",
  "1.s",
  "1,5s",
  "1e3s",
  "0x2s",
  "1_000ms",
  "1w",
  "1y",
  "٢s",
  "Infinitys",
  "s2",
  "2s3",
])("%j is no duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  ["0B", 0],
  ["1b", 1],
  ["512B", 512],
  ["1kB", 1000],
  ["1KB", 1000],
  ["20 MB", 20_000_000],
  ["3GB", 3_000_000_000],
  ["1KiB", 1024],
  ["1kib", 1024],
  ["256MiB", 268_435_456],
  ["1.5GiB", 1_610_612_736],
  ["0.5 KiB", 512],
  ["1.0001KB", 1000],
])("%s is a size of %i bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  "",
  "B",
  "1",
  "-1B",
  "1  MB",
  " 1MB",
  "1MB ",
  "1MB\n",
  "1M",
  "1mi",
  "1 megabyte",
  "1,5MB",
  ".5MB",
  "1e3B",
  "1MB2KB",
  "one MB",
  "1 constructor",
  "1 __proto__",
])("%j is no size", (text) => {
  expect(parseSize(text)).toBeUndefined();
});
