/** A request's place at a backend, from when it is chosen until its answer is over. */

import {
  abandoned,
  answered,
  type Breaker,
  connected,
  failed,
  type Failing,
  succeeded,
} from "../domain/breaker.ts";
import type { Duty, Limits } from "./duty.ts";

/** How a request ended, for the backend: well, badly, or (its client left, it was told to wait) neither. */
export type Verdict = "good" | "neither" | Failing;

export interface SlotOptions {
  readonly duty: Duty;
  readonly limits: Limits;
  /** Whether it finds out for all if the backend still fails. */
  readonly isTry: boolean;
  /** It asks for no work: that it goes well says nothing of requests that do. */
  readonly isVisit: boolean;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Puts the breaker into another state. */
  readonly put: (breaker: Breaker) => void;
  /** Gives the place back. */
  readonly leave: () => void;
  /** Lets others claim what is free now. */
  readonly freed: () => void;
}

export class Slot {
  private readonly options: SlotOptions;
  private isTry: boolean;
  private isOver = false;

  constructor(options: SlotOptions) {
    this.options = options;
    this.isTry = options.isTry;
  }

  /** The backend can be reached, and has not answered yet. */
  connected(): void {
    this.become(connected(this.options.duty.breaker, this.isTry));
  }

  /** The first byte of an answer is there that is no failure. */
  answered(): void {
    const { duty, limits } = this.options;
    this.alive();
    this.become(answered(duty.breaker, this.isTry, limits));
  }

  /** A byte has come. */
  alive(): void {
    this.options.duty.aliveAtMs = this.options.now();
  }

  /** The backend has said that it is busy, for so long. */
  rest(forMs: number): void {
    const { duty, now } = this.options;
    duty.restsUntilMs = Math.max(duty.restsUntilMs, now() + forMs);
  }

  /** Leaves the place to the next. Only the first call counts. */
  end(verdict: Verdict): void {
    if (this.isOver) return;
    this.isOver = true;
    const { leave, put, freed } = this.options;
    leave();
    put(this.breakerAfter(verdict));
    freed();
  }

  private breakerAfter(verdict: Verdict): Breaker {
    const { duty, limits, isVisit, now, random } = this.options;
    const { breaker } = duty;
    if (verdict === "good" && isVisit) return breaker;
    if (verdict === "good") return succeeded(answered(breaker, this.isTry, limits));
    if (verdict === "neither") return this.isTry ? abandoned(breaker) : breaker;
    const nowMs = now();
    duty.failed(nowMs);
    return failed(breaker, verdict, this.isTry, limits, nowMs, random());
  }

  /** What the one that tried has found out lets others in. */
  private become(breaker: Breaker): void {
    if (this.isOver || breaker === this.options.duty.breaker) return;
    this.isTry = false;
    this.options.put(breaker);
    this.options.freed();
  }
}
