/** Judges what became of the requests of a soak. */

import type { Outcome } from "./client.ts";
import { ableFor } from "./fleet.ts";
import type { Timeline } from "./timeline.ts";

/**
 * `fine`: answered as asked, or its client left. `excused`: a stream that broke off after its client had got some of it,
 * of a backend that was killed or frozen meanwhile. `unowed`: refused in a proper way, when no backend was healthy for it
 * all the time. `failed`: everything else.
 */
export type Verdict = "fine" | "excused" | "unowed" | "failed";

export interface Judged extends Outcome {
  readonly verdict: Verdict;
  /** How many backends can serve it at all. */
  readonly ables: number;
  /** Whether one of them was healthy for it all the time. */
  readonly isOwed: boolean;
  /** Whether one was when it ended; it may have been tried before, while it was not. */
  readonly couldInTheEnd: boolean;
}

export function judge(outcome: Outcome, timeline: Timeline): Judged {
  const { name, dialect } = outcome.request;
  const ables = ableFor(name, dialect);
  const isOwed = ables.some((backend) => timeline.isHealthy(backend, outcome));
  const end = { fromMs: outcome.toMs, toMs: outcome.toMs };
  const couldInTheEnd = ables.some((backend) => timeline.isHealthy(backend, end));
  return {
    ...outcome,
    ables: ables.length,
    isOwed,
    couldInTheEnd,
    verdict: verdictOn(outcome, isOwed, timeline),
  };
}

function verdictOn(outcome: Outcome, isOwed: boolean, timeline: Timeline): Verdict {
  const { kind, backend, bytes } = outcome;
  switch (kind) {
    case "whole":
    case "left":
      return "fine";
    case "broken":
      return bytes > 0 && backend !== undefined && timeline.mayBreak(backend, outcome) ? "excused" : "failed";
    case "refused":
      return isOwed || !isProper(outcome) ? "failed" : "unowed";
    case "wrong":
    case "lost":
      return "failed";
  }
}

/** A status that says "not now", and an error in words. */
function isProper({ status = 0, why }: Outcome): boolean {
  if (![429, 502, 503, 504].includes(status)) return false;
  const { error } = JSON.parse(why) as { readonly error?: string | { readonly message?: string } };
  return (typeof error === "string" ? error : (error?.message ?? "")) !== "";
}
