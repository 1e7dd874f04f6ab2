/** A backend may be given a request unless something is in the way, and seems busier for its failures as long as they are fresh. */

import { describe, expect, test } from "bun:test";

import { type Breaker, CLOSED } from "../../src/domain/breaker.ts";
import { type Availability, Duty, type Limits } from "../../src/traffic/duty.ts";

const NOW = 100_000;
const LIMITS: Limits = { maxInflight: 2, failures: 3, pauseMs: 1000, maxPauseMs: 60_000 };

const OPEN: Breaker = { ...CLOSED, failures: 3, pauses: 1, untilMs: NOW + 500 };
const HALF_OPEN: Breaker = { ...OPEN, untilMs: NOW };
const ON_TRIAL: Breaker = { ...HALF_OPEN, trying: true };
const RESTING = { restsUntilMs: NOW + 700 };
const FULL = { inflight: 2 };

function dutyWith(parts: Partial<Pick<Duty, "inflight" | "breaker" | "restsUntilMs">>): Duty {
  return Object.assign(new Duty(), parts);
}

test.each<[string, Parameters<typeof dutyWith>[0], Availability]>([
  ["nothing is in the way", {}, { kind: "ready" }],
  ["it serves as many as it may but for one", { inflight: 1 }, { kind: "ready" }],
  ["it serves as many as it may", FULL, { kind: "full" }],
  ["it serves more than that, since its owner has allowed more", { inflight: 5 }, { kind: "full" }],
  ["it rests", RESTING, { kind: "resting", untilMs: NOW + 700 }],
  ["its rest is over", { restsUntilMs: NOW }, { kind: "ready" }],
  ["its breaker is open", { breaker: OPEN }, { kind: "open", untilMs: NOW + 500 }],
  ["its breaker's pause is over", { breaker: HALF_OPEN }, { kind: "ready" }],
  ["its pause is over, and it is full", { breaker: HALF_OPEN, ...FULL }, { kind: "full" }],
  ["somebody is trying", { breaker: ON_TRIAL }, { kind: "on trial" }],
  // what takes longest, or says most of it, is told
  ["it is open, and full", { breaker: OPEN, ...FULL }, { kind: "open", untilMs: NOW + 500 }],
  ["it is open, and rests", { breaker: OPEN, ...RESTING }, { kind: "open", untilMs: NOW + 500 }],
  ["somebody is trying, and it is full", { breaker: ON_TRIAL, ...FULL }, { kind: "on trial" }],
  ["it rests, and is full", { ...RESTING, ...FULL }, { kind: "resting", untilMs: NOW + 700 }],
  [
    "its pause is over, and it rests",
    { breaker: HALF_OPEN, ...RESTING },
    { kind: "resting", untilMs: NOW + 700 },
  ],
])("%s", (_, parts, availability) => {
  expect(dutyWith(parts).availability(LIMITS, NOW)).toEqual(availability);
});

test("one without a limit is never full", () => {
  const duty = dutyWith({ inflight: 100_000 });
  expect(duty.availability({ ...LIMITS, maxInflight: undefined }, NOW)).toEqual({ kind: "ready" });
});

describe("the load", () => {
  test.each([
    [0, 1, 0],
    [3, 1, 3],
    [3, 3, 1],
    [1, 0.5, 2],
    [2, 1000, 0.002],
  ])("of %i requests for a weight of %d is %d", (inflight, weight, load) => {
    expect(dutyWith({ inflight }).load(weight, NOW)).toBe(load);
  });

  function failedAt(...timesMs: readonly number[]): Duty {
    const duty = new Duty();
    for (const ms of timesMs) duty.failed(NOW + ms);
    return duty;
  }

  test.each([
    [0, 1],
    [10_000, 1 / 2],
    [20_000, 1 / 4],
    [30_000, 1 / 8],
    // what is left by then no longer matters
    [30_001, 0],
    [60_000, 0],
  ])("%i ms after a failure is as if %d requests were in flight", (ms, load) => {
    expect(failedAt(0).load(1, NOW + ms)).toBeCloseTo(load, 9);
  });

  test("of several failures is their sum, each as far as it has faded", () => {
    expect(failedAt(0, 0, 0).load(1, NOW)).toBe(3);
    expect(failedAt(0, 10_000, 20_000).load(1, NOW + 20_000)).toBeCloseTo(1 + 1 / 2 + 1 / 4, 9);
  });

  test("of failures counts for the weight, beside requests in flight", () => {
    const duty = failedAt(0);
    duty.inflight = 2;
    expect(duty.load(3, NOW)).toBe(1);
  });

  test("of a backend that fails a hundred times a second is that of a very busy one, and gone in some minutes", () => {
    const duty = failedAt(...Array.from({ length: 1000 }, (_, index) => index * 10));
    expect(duty.load(1, NOW + 10_000)).toBeGreaterThan(500);
    expect(duty.load(1, NOW + 10_000)).toBeLessThanOrEqual(1000);
    expect(duty.load(1, NOW + 310_000)).toBeLessThan(1e-5);
    expect(duty.load(1, NOW + 1e9)).toBe(0);
  });

  test("of one that never failed is nothing, at whatever time the clock begins", () => {
    for (const nowMs of [-1e12, 0, 1e12]) expect(new Duty().load(1, nowMs)).toBe(0);
  });
});
