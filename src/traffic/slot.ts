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
import type { Clock } from "./clock.ts";
import type { Party } from "./party.ts";

/** How a request ended, for the backend: well, badly, or (its client left, it was told to wait) neither. */
export type Verdict = "good" | "neither" | Failing;

/**
 * What a request is to its backend: work; a try, which is work that finds out for all whether the backend still fails; or
 * a visit, which asks for no work, so that it shows no more than whether the backend can be reached.
 */
export type Purpose = "work" | "try" | "visit";

/** Who gave the place, and takes it back. */
export interface Ledger {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Puts a breaker into another state. */
  put(party: Party, breaker: Breaker): void;
  /** Counts a request out. */
  release(party: Party): void;
  /** Lets others claim what is free now. */
  freed(): void;
}

export class Slot {
  private readonly ledger: Ledger;
  private readonly party: Party;
  private purpose: Purpose;
  private isOver = false;

  constructor(ledger: Ledger, party: Party, purpose: Purpose) {
    this.ledger = ledger;
    this.party = party;
    this.purpose = purpose;
  }

  /** The backend can be reached, and has not answered yet. */
  connected(): void {
    this.become(connected(this.party.duty.breaker, this.isTry));
  }

  /** The first byte of an answer is there that is no failure. */
  answered(): void {
    const { duty, limits } = this.party;
    this.alive();
    this.become(answered(duty.breaker, this.isTry, limits));
  }

  /** A byte has come. */
  alive(): void {
    this.party.duty.aliveAtMs = this.ledger.clock.now();
  }

  /** The backend has said that it is busy, for so long. */
  rest(forMs: number): void {
    const { duty } = this.party;
    duty.restsUntilMs = Math.max(duty.restsUntilMs, this.ledger.clock.now() + forMs);
  }

  /**
   * Leaves the place. Only the first call counts. Those who wait may claim it at once or, where the backend may be down,
   * when whoever ends this has looked, and says so.
   */
  end(verdict: Verdict, freed: "now" | "after a look" = "now"): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.purpose !== "visit") this.ledger.release(this.party);
    this.ledger.put(this.party, this.breakerAfter(verdict));
    if (freed === "now") this.ledger.freed();
  }

  /** Whether it finds out for all if the backend still fails. */
  get isTry(): boolean {
    return this.purpose === "try";
  }

  private breakerAfter(verdict: Verdict): Breaker {
    const { duty, limits } = this.party;
    const { breaker } = duty;
    if (this.purpose === "visit" && verdict !== "connection") return this.afterVisit(verdict);
    if (verdict === "good") return succeeded(answered(breaker, this.isTry, limits));
    if (verdict === "neither") return this.isTry ? abandoned(breaker) : breaker;
    const nowMs = this.ledger.clock.now();
    duty.failed(nowMs);
    return failed(breaker, verdict, this.isTry, limits, nowMs, this.ledger.random());
  }

  /** A registry that cannot be reached is no failure of the engine that was asked to pull from it. */
  private afterVisit(verdict: Verdict): Breaker {
    const { breaker } = this.party.duty;
    return verdict === "good" && breaker.severed ? succeeded(breaker) : breaker;
  }

  /** What the one that tried has found out lets others in. */
  private become(breaker: Breaker): void {
    if (this.isOver || breaker === this.party.duty.breaker) return;
    this.purpose = "work";
    this.ledger.put(this.party, breaker);
    this.ledger.freed();
  }
}
