/** What a backend is doing, and whether it may be given more. It outlives changes of the backend's settings. */

import { type Breaker, type BreakerLimits, CLOSED, phaseOf } from "../domain/breaker.ts";

/** What its owner allows a backend. */
export interface Limits extends BreakerLimits {
  /** Requests at a time; undefined: as many as come. */
  readonly maxInflight: number | undefined;
}

/** Whether a backend may be given a request now and, if not, until when. Times are on the clock of the traffic. */
export type Availability =
  | { readonly kind: "ready" }
  /** It is serving as many as it may. */
  | { readonly kind: "full" }
  /** It has failed, and one request is finding out whether it still does. */
  | { readonly kind: "on trial" }
  /** It has said that it is busy. */
  | { readonly kind: "resting"; readonly untilMs: number }
  /** It has failed. */
  | { readonly kind: "open"; readonly untilMs: number }
  /** Its owner wants it for something else; `Infinity`: until they say otherwise. */
  | { readonly kind: "drained"; readonly untilMs: number };

const READY: Availability = { kind: "ready" };
const FULL: Availability = { kind: "full" };
const ON_TRIAL: Availability = { kind: "on trial" };

/** A failure counts like a request in flight, and half as much after this time: to fail is quick, and looks idle. */
const HALF_LIFE_MS = 10_000;

/** What is left of a failure after three times that long no longer matters. */
const FORGIVEN = 1 / 8;

export class Duty {
  /** Requests for models that it is serving. */
  inflight = 0;
  /** Grows with every request that it gets, by less the more it weighs. */
  turn = 0;
  breaker: Breaker = CLOSED;
  restsUntilMs = -Infinity;
  /** Requests whose own context would have made it load a model anew that it had in memory. */
  reloadsPrevented = 0;
  /** When it last sent a byte of an answer. */
  aliveAtMs = -Infinity;
  private blame = 0;
  private blamedAtMs = 0;

  availability(limits: Limits, nowMs: number): Availability {
    const { untilMs, trying } = this.breaker;
    if (untilMs !== undefined) {
      if (phaseOf(this.breaker, nowMs) === "open") return { kind: "open", untilMs };
      if (trying) return ON_TRIAL;
    }
    if (this.restsUntilMs > nowMs) return { kind: "resting", untilMs: this.restsUntilMs };
    return limits.maxInflight !== undefined && this.inflight >= limits.maxInflight ? FULL : READY;
  }

  /** How busy it is for what it is good for. */
  load(weight: number, nowMs: number): number {
    return (this.inflight + this.blameAt(nowMs)) / weight;
  }

  failed(nowMs: number): void {
    this.blame = this.blameAt(nowMs) + 1;
    this.blamedAtMs = nowMs;
  }

  private blameAt(nowMs: number): number {
    if (this.blame === 0) return 0;
    const left = this.blame * 2 ** ((this.blamedAtMs - nowMs) / HALF_LIFE_MS);
    return left < FORGIVEN ? 0 : left;
  }
}
