/** Hands out the candidates of a call, one after the other, each with a place at its backend. */

import type { Problem } from "../domain/problem.ts";
import type { Candidate } from "../fleet/survey.ts";
import type { Slot } from "../traffic/slot.ts";
import type { Traffic } from "../traffic/traffic.ts";

/** A candidate, and the place that is kept there for the call. */
export interface Placed {
  readonly candidate: Candidate;
  readonly slot: Slot;
}

/** Whose turn it is, or why it is nobody's; undefined: none is left. */
export type Turn = Placed | Problem | undefined;

export interface Line {
  /**
   * The best of those that are left. It may take a while until one of them is free; `isPatient` tells whether it may
   * be waited for one that has asked for a rest.
   */
  next(isPatient: boolean): Turn | Promise<Turn>;
  /** One at another backend that is free now and has the model in memory. */
  nextLoaded(except: Candidate): Placed | undefined;
  /** Says that a candidate is not to be handed out again, for this model or for any. */
  strike(candidate: Candidate, what: "model" | "backend"): void;
}

/** Candidates in a fixed order, for calls that are no work for an engine and wait for nobody. */
export function fixedLine(candidates: readonly Candidate[], traffic: Traffic): Line {
  const left = [...candidates];
  return {
    next() {
      const candidate = left.shift();
      return candidate && { candidate, slot: traffic.visit(candidate.backend) };
    },
    nextLoaded: () => undefined,
    strike() {},
  };
}
