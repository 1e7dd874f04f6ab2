/** A breaker opens after failures in a row, pauses longer and longer, and lets one request find out whether that still holds. */

import { describe, expect, test } from "bun:test";

import { CLOSED, phaseOf } from "../../src/domain/breaker.ts";
import { after, type BreakerEvent, LIMITS, shown } from "../support/breaker-events.ts";

const OPENED = ["fails", "fails", "fails"] as const;
/** Nothing but connections has failed. */
const SEVERED = ["unreached", "unreached", "unreached"] as const;
/** Opened by probes, of which another has failed since. */
const LOST = ["probe bad", "probe bad", "probe bad", "probe bad"] as const;
const TRYING = ["pause over", "try"] as const;

/** What happens, and what the breaker has come to: its phase, the failures that are counted, whether somebody tries. */
const STORIES: Readonly<Record<string, readonly (readonly [readonly BreakerEvent[], string])[]>> = {
  "while it is closed": [
    [[], "closed 0"],
    [["fails"], "closed 1"],
    [["fails", "fails"], "closed 2"],
    [OPENED, "open 3"],
    [["unreached", "fails", "unreached"], "open 3"],
    [["fails", "fails", "succeeds"], "closed 0"],
    [["fails", "fails", "succeeds", "fails", "fails"], "closed 2"],
    // an answer that has begun may yet break off
    [["fails", "fails", "answers"], "closed 2"],
    [["fails", "fails", "answers", "fails"], "open 3"],
    [["fails", "fails", "connects"], "closed 2"],
    [["unreached", "unreached", "connects"], "closed 2"],
  ],
  "while it is open": [
    // those that began before say nothing new
    [[...OPENED, "fails"], "open 3"],
    [[...OPENED, "unreached"], "open 3"],
    [[...OPENED, "answers"], "open 3"],
    [[...OPENED, "succeeds"], "open 3"],
    [[...OPENED, "connects"], "open 3"],
    [[...SEVERED, "answers", "succeeds", "connects"], "open 3"],
    [[...OPENED, "pause over"], "half-open 3"],
  ],
  "while it is half-open": [
    [[...OPENED, "pause over", "fails"], "half-open 3"],
    [[...OPENED, "pause over", "succeeds"], "half-open 3"],
    [[...OPENED, ...TRYING], "half-open 3 trying"],
    [[...OPENED, ...TRYING, "fails"], "half-open 3 trying"],
    [[...OPENED, ...TRYING, "succeeds"], "half-open 3 trying"],
    [[...OPENED, ...TRYING, "answers"], "half-open 3 trying"],
    [[...SEVERED, ...TRYING, "connects"], "half-open 3 trying"],
    [[...OPENED, ...TRYING, "try fails"], "open 3"],
    [[...OPENED, ...TRYING, "try unreached"], "open 3"],
    [[...OPENED, ...TRYING, "try abandoned"], "half-open 3"],
    [[...OPENED, ...TRYING, "try abandoned", "try"], "half-open 3 trying"],
    // the first byte closes it, and the next failure opens it again
    [[...OPENED, ...TRYING, "try answers"], "closed 2"],
    [[...OPENED, ...TRYING, "try answers", "fails"], "open 3"],
    [[...OPENED, ...TRYING, "try answers", "succeeds"], "closed 0"],
    [[...OPENED, ...TRYING, "try answers", "succeeds", "fails"], "closed 1"],
    [[...OPENED, ...TRYING, "try fails", ...TRYING, "try answers", "succeeds"], "closed 0"],
  ],
  "when the one that tries has a connection": [
    [[...SEVERED, ...TRYING, "try connects"], "closed 0"],
    [[...SEVERED, ...TRYING, "try connects", "fails", "fails"], "closed 2"],
    [[...OPENED, ...TRYING, "try connects"], "half-open 3 trying"],
    [["fails", "unreached", "unreached", ...TRYING, "try connects"], "half-open 3 trying"],
    [["unreached", "unreached", "fails", ...TRYING, "try connects"], "half-open 3 trying"],
    // what went before a success is forgotten
    [["fails", "succeeds", ...SEVERED, ...TRYING, "try connects"], "closed 0"],
    [["probe bad", ...SEVERED, ...TRYING, "try connects"], "closed 0"],
    [[...SEVERED, ...TRYING, "try abandoned", "try", "try connects"], "closed 0"],
    // it had a connection once, and failed all the same
    [[...OPENED, ...TRYING, "try answers", "unreached", ...TRYING, "try connects"], "half-open 3 trying"],
  ],
  "when probes come back": [
    [["probe bad"], "closed 1"],
    [["probe bad", "probe bad", "probe bad"], "open 3"],
    [["probe bad", "fails", "unreached"], "open 3"],
    [["probe good"], "closed 0"],
    [["probe bad", "probe bad", "probe good"], "closed 0"],
    [["fails", "fails", "probe good"], "closed 2"],
    [["fails", "probe bad", "probe good"], "closed 1"],
    [["probe bad", "fails", "probe good", "fails", "fails"], "open 3"],
    [["probe bad", "succeeds", "fails", "probe good"], "closed 1"],
    // the engine lists its models all the time, and serves none
    [[...OPENED, "probe good"], "open 3"],
    [[...OPENED, "probe good", "probe good"], "open 3"],
    // it was away, and is back
    [[...OPENED, "probe bad", "probe good"], "half-open 3"],
    [[...LOST, "probe good"], "half-open 3"],
    [[...LOST, "probe good", "probe good"], "half-open 3"],
    [[...LOST, "probe good", "try", "try fails"], "open 3"],
    [[...LOST, "probe good", "try", "try fails", "probe good"], "open 3"],
    [[...LOST, "probe good", "try", "try connects"], "closed 0"],
    [[...OPENED, "probe bad", "probe good", "try", "try connects"], "half-open 3 trying"],
    [[...OPENED, ...TRYING, "probe bad"], "half-open 3 trying"],
    [[...OPENED, ...TRYING, "probe bad", "probe good"], "half-open 3 trying"],
    [[...OPENED, "pause over", "probe bad"], "half-open 3"],
    // a probe is no proof that it serves
    [[...OPENED, ...TRYING, "try answers", "probe good"], "closed 2"],
    [[...OPENED, ...TRYING, "try answers", "probe bad"], "open 3"],
  ],
};

describe.each(Object.entries(STORIES))("%s", (_, stories) => {
  test.each(stories.map(([events, end]) => [events.join(", ") || "nothing happens", end, events] as const))(
    "%s: %s",
    (_, end, events) => {
      expect(shown(after(events))).toBe(end);
    },
  );
});

test.each([1, 2, 3, 10])("it opens after %i failures in a row, not before", (failures) => {
  const limits = { ...LIMITS, failures };
  const fails = (count: number) => after(Array<BreakerEvent>(count).fill("fails"), { limits });
  expect(shown(fails(failures - 1))).toBe(`closed ${failures - 1}`);
  expect(shown(fails(failures))).toBe(`open ${failures}`);
});

test("one that opens at the first failure is closed by the one that tries, and opened by the next", () => {
  const limits = { ...LIMITS, failures: 1 };
  const events = ["fails", ...TRYING, "try answers"] as const;
  expect(shown(after(events, { limits }))).toBe("closed 0");
  expect(shown(after([...events, "fails"], { limits }))).toBe("open 1");
});

test("a pause is over when its time has come, not a moment before", () => {
  const { breaker } = after(OPENED);
  const untilMs = breaker.untilMs ?? Number.NaN;
  expect([untilMs - 0.001, untilMs, untilMs + 1].map((nowMs) => phaseOf(breaker, nowMs))).toEqual([
    "open",
    "half-open",
    "half-open",
  ]);
});

test("what has come to nothing is as new", () => {
  expect(after([...OPENED, ...TRYING, "try answers", "succeeds"]).breaker).toEqual(CLOSED);
  expect(after([...SEVERED, ...TRYING, "try connects"]).breaker).toEqual(CLOSED);
  expect(after(["probe bad", "probe good"]).breaker).toEqual(CLOSED);
});
