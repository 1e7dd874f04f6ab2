/** What can happen to a breaker, by the words for it, so that a test can tell a story of it. */

import {
  abandoned,
  answered,
  type Breaker,
  type BreakerLimits,
  CLOSED,
  connected,
  failed,
  phaseOf,
  probed,
  succeeded,
  tried,
} from "../../src/domain/breaker.ts";

export const LIMITS: BreakerLimits = { failures: 3, pauseMs: 1000, maxPauseMs: 60_000 };

/** Those of the one that tries begin with "try". */
export type BreakerEvent =
  | "fails"
  | "unreached"
  | "connects"
  | "answers"
  | "succeeds"
  | "try"
  | "try fails"
  | "try unreached"
  | "try connects"
  | "try answers"
  | "try abandoned"
  | "probe good"
  | "probe bad"
  | "pause over";

/** A breaker at a time. */
export interface Moment {
  readonly breaker: Breaker;
  readonly nowMs: number;
}

export interface StoryOptions {
  readonly limits?: BreakerLimits;
  /** From 0 to 1. */
  readonly jitter?: () => number;
  readonly from?: Moment;
}

const START: Moment = { breaker: CLOSED, nowMs: 5000 };

/** What a breaker has come to when all this has happened to it, at the same time but for the ends of pauses. */
export function after(
  events: readonly BreakerEvent[],
  { limits = LIMITS, jitter = () => 0.5, from = START }: StoryOptions = {},
): Moment {
  return events.reduce((moment, event) => next(moment, event, limits, jitter), from);
}

function next(
  { breaker, nowMs }: Moment,
  event: BreakerEvent,
  limits: BreakerLimits,
  jitter: () => number,
): Moment {
  const fails = (what: "connection" | "answer", isTry: boolean): Breaker =>
    failed(breaker, what, isTry, limits, nowMs, jitter());
  const events: Readonly<Record<BreakerEvent, () => Breaker>> = {
    fails: () => fails("answer", false),
    unreached: () => fails("connection", false),
    connects: () => connected(breaker, false),
    answers: () => answered(breaker, false, limits),
    succeeds: () => succeeded(breaker),
    try: () => tried(breaker),
    "try fails": () => fails("answer", true),
    "try unreached": () => fails("connection", true),
    "try connects": () => connected(breaker, true),
    "try answers": () => answered(breaker, true, limits),
    "try abandoned": () => abandoned(breaker),
    "probe good": () => probed(breaker, true, limits, nowMs, jitter()),
    "probe bad": () => probed(breaker, false, limits, nowMs, jitter()),
    "pause over": () => breaker,
  };
  const endMs = event === "pause over" ? Math.max(nowMs, breaker.untilMs ?? nowMs) : nowMs;
  return { breaker: events[event](), nowMs: endMs };
}

/** The phase, the failures that are counted, and whether somebody tries: `half-open 3 trying`. */
export function shown({ breaker, nowMs }: Moment): string {
  return `${phaseOf(breaker, nowMs)} ${breaker.failures}${breaker.trying ? " trying" : ""}`;
}
