/** Of alarms that are due together, one that is cancelled or put off by another does not ring. */

import { expect, test } from "bun:test";

import { type Alarm, SystemClock } from "../../src/traffic/clock.ts";
import { within } from "../support/deadline.ts";

const SOON_MS = 20_000;

test.each<[string, (alarm: Alarm, clock: SystemClock) => void]>([
  ["cancelled", (alarm) => alarm.cancel()],
  ["put off for good", (alarm) => alarm.put(Infinity)],
  ["put off for an hour", (alarm, clock) => alarm.put(clock.now() + 3_600_000)],
])("%s", async (_, keepQuiet) => {
  const clock = new SystemClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  const atMs = clock.now() + 20;
  let rings = 0;
  clock.alarm(atMs, () => keepQuiet(other, clock));
  const other = clock.alarm(atMs, () => rings++);
  clock.alarm(atMs, resolve);
  await within(SOON_MS, promise);
  expect(rings).toBe(0);
});
