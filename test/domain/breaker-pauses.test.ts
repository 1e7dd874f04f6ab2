/** Each pause of a breaker is longer than the one before, none is longer than allowed, and no two backends keep step. */

import { describe, expect, test } from "bun:test";

import { type BreakerLimits, phaseOf } from "../../src/domain/breaker.ts";
import { after, type BreakerEvent, LIMITS, type Moment, shown } from "../support/breaker-events.ts";
import { forSeeds, type Random } from "../support/random.ts";

const OPENED = ["fails", "fails", "fails"] as const;
const FAILED_TRY = ["pause over", "try", "try fails"] as const;

function pauseOf({ breaker, nowMs }: Moment): number {
  return (breaker.untilMs ?? Number.NaN) - nowMs;
}

/** The pauses of a backend that never comes back. */
function pauses(count: number, limits: BreakerLimits, jitter: () => number): number[] {
  const found: number[] = [];
  let moment = after(Array<BreakerEvent>(limits.failures).fill("fails"), { limits, jitter });
  while (found.push(pauseOf(moment)) < count) moment = after(FAILED_TRY, { limits, jitter, from: moment });
  return found;
}

test("each is twice as long as the one before, up to the longest", () => {
  const longest = pauses(9, LIMITS, () => 0);
  expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("chance makes each up to a quarter shorter", () => {
  const shortest = pauses(8, LIMITS, () => 1);
  expect(shortest).toEqual([750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000]);
});

test("the first is the longest already where that is shorter", () => {
  expect(pauses(3, { ...LIMITS, pauseMs: 90_000 }, () => 0)).toEqual([60_000, 60_000, 60_000]);
});

test("whatever chance says, they grow until the longest is reached, and never exceed it", () => {
  forSeeds(300, (random) => {
    const pauseMs = 1 + random.below(5000);
    const maxPauseMs = 1 + random.below(200_000);
    const limits = { failures: 1 + random.below(4), pauseMs, maxPauseMs };
    // more than a number has doublings
    const found = pauses(1100, limits, () => random.next());
    for (const [index, pause] of found.entries()) {
      const longest = Math.min(maxPauseMs, pauseMs * 2 ** index);
      expect(pause).toBeLessThanOrEqual(longest + 1e-3);
      expect(pause).toBeGreaterThanOrEqual(longest * 0.75 - 1e-3);
      if (longest < maxPauseMs && index > 0) expect(pause).toBeGreaterThan(found[index - 1] ?? Infinity);
    }
  });
});

test("two backends that fail together do not come back together for ever", () => {
  const jitters = [0.1, 0.9].map((jitter) => pauses(5, LIMITS, () => jitter));
  for (const [index, pause] of (jitters[0] ?? []).entries()) expect(pause).not.toBe(jitters[1]?.[index]);
});

describe("the next pause is", () => {
  const first = { jitter: () => 0 };

  test.each<[string, readonly BreakerEvent[], number]>([
    ["the first again after an answer that came to its end", ["try answers", "succeeds", ...OPENED], 1000],
    ["longer after an answer that broke off", ["try answers", "fails"], 2000],
    ["longer where the one that tried got nowhere", ["try unreached"], 2000],
    ["longer after one was abandoned and the next failed", ["try abandoned", "try", "try fails"], 2000],
  ])("%s", (_, events, pauseMs) => {
    expect(pauseOf(after([...OPENED, "pause over", "try", ...events], first))).toBe(pauseMs);
  });

  test("the first again where a connection was all that had been missing", () => {
    const lost = ["unreached", "unreached", "unreached", "pause over", "try"] as const;
    expect(pauseOf(after([...lost, "try connects", ...OPENED], first))).toBe(1000);
  });

  test("longer where a probe ended the one before too soon", () => {
    const early = ["probe bad", "probe good", "try", "try fails"] as const;
    expect(pauseOf(after([...OPENED, ...early], first))).toBe(2000);
  });
});

test("those that began before it opened do not make a pause longer", () => {
  const opened = after(OPENED);
  for (const event of ["fails", "unreached", "probe bad"] as const)
    expect(after([event], { from: opened }).breaker.untilMs).toBe(opened.breaker.untilMs);
});

test("a failed try pauses from then on, however late it fails", () => {
  const trying = after([...OPENED, "pause over", "try"]);
  const late = { ...trying, nowMs: trying.nowMs + 600_000 };
  expect(pauseOf(after(["try fails"], { from: late, jitter: () => 0 }))).toBe(2000);
});

const HAPPENINGS: readonly BreakerEvent[] = ["fails", "unreached", "answers", "succeeds", "connects"];
const OF_THE_TRY: readonly BreakerEvent[] = [
  "try fails",
  "try unreached",
  "try connects",
  "try answers",
  "try abandoned",
];
const OF_PROBES: readonly BreakerEvent[] = ["probe good", "probe bad"];

/** One of those that can happen now; the one that tries knows of it only while it tries. */
function happening(random: Random, { breaker, nowMs }: Moment, isTrying: boolean): BreakerEvent {
  const phase = phaseOf(breaker, nowMs);
  const own = isTrying ? OF_THE_TRY : phase === "half-open" ? (["try"] as const) : (["pause over"] as const);
  return random.pick([...HAPPENINGS, ...OF_PROBES, ...own, ...own]);
}

test("whatever happens, only the one that tries changes what is not closed, and probes only end its pause", () => {
  forSeeds(500, (random) => {
    let moment = after([]);
    let isTrying = false;
    /** Failures in a row while it is closed, `true` for those of probes. */
    let row: boolean[] = [];
    for (let step = 0; step < 60; step++) {
      const event = happening(random, moment, isTrying);
      const before = moment;
      moment = after([event], { from: before, jitter: () => random.next() });
      const [was, is] = [phaseOf(before.breaker, before.nowMs), phaseOf(moment.breaker, moment.nowMs)];
      if (event === "try") isTrying = true;
      else if (event.startsWith("try") && moment.breaker !== before.breaker) isTrying = false;
      expect(moment.breaker.trying).toBe(isTrying);

      if (was !== "closed" && HAPPENINGS.includes(event)) expect(moment).toEqual(before);
      if (was !== "closed" && OF_PROBES.includes(event)) expect(is).toBeOneOf([was, "half-open"]);
      if (was !== "closed" && is === "closed") row = Array<boolean>(moment.breaker.failures).fill(false);
      if (was !== "closed") continue;
      if (["fails", "unreached", "probe bad"].includes(event)) row.push(event === "probe bad");
      if (event === "succeeds") row = [];
      if (event === "probe good") row = row.filter((isProbe) => !isProbe);
      expect(shown(moment)).toBe(`${row.length < LIMITS.failures ? "closed" : "open"} ${row.length}`);
    }
  });
});
