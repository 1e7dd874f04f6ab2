/** A connection is enough to close a breaker only as long as nothing but connections has failed. */

import { expect, test } from "bun:test";

import { after, shown } from "../support/breaker-events.ts";

const SEVERED = ["unreached", "unreached", "unreached", "pause over", "try"] as const;

test("one that tried has reached the backend, and failed all the same: the next connection proves nothing", () => {
  const events = [...SEVERED, "try fails", "pause over", "try", "try connects"] as const;
  expect(shown(after(events))).toBe("half-open 3 trying");
});

test("and the pauses go on to grow", () => {
  const failedTry = ["pause over", "try", "try connects", "try fails"] as const;
  const { breaker, nowMs } = after([...SEVERED, "try fails", ...failedTry], { jitter: () => 0 });
  expect((breaker.untilMs ?? nowMs) - nowMs).toBe(4000);
});

test("one that tried has not reached it: the next connection is enough", () => {
  const events = [...SEVERED, "try unreached", "pause over", "try", "try connects"] as const;
  expect(shown(after(events))).toBe("closed 0");
});
