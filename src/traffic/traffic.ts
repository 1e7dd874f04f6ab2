/** Who may send what where: the places that requests take at backends, and what becomes known of these by it. */

import { type Breaker, phaseOf, probed, tried } from "../domain/breaker.ts";
import { type Clock, SystemClock } from "./clock.ts";
import { Conversations } from "./conversations.ts";
import { Drains } from "./drains.ts";
import type { Availability } from "./duty.ts";
import type { Party } from "./party.ts";
import { Queue } from "./queue.ts";
import { type Ledger, Slot } from "./slot.ts";

/** Told when a breaker has gone into another phase. */
export type BreakerWatcher = (party: Party, breaker: Breaker) => void;

export interface TrafficOptions {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Requests at a time over all backends, so that probes are never behind them; undefined: as many as come. */
  readonly maxInflight?: number;
  readonly watcher?: BreakerWatcher;
  readonly onResumed?: (name: string) => void;
}

/** By the clock of this process. */
export function systemTraffic(options: Omit<TrafficOptions, "clock" | "random"> = {}): Traffic {
  return new Traffic({ clock: new SystemClock(), random: Math.random, ...options });
}

/** One for the whole process: it outlives configurations. */
export class Traffic implements Ledger {
  readonly clock: Clock;
  readonly random: () => number;
  readonly queue: Queue;
  readonly drains: Drains;
  readonly conversations = new Conversations();
  private readonly maxInflight: number;
  private readonly watcher: BreakerWatcher;
  private inflight = 0;

  constructor({ clock, random, maxInflight = Infinity, watcher = () => {}, onResumed }: TrafficOptions) {
    this.clock = clock;
    this.random = random;
    this.maxInflight = maxInflight;
    this.watcher = watcher;
    this.queue = new Queue(clock);
    this.drains = new Drains(clock, (name) => {
      onResumed?.(name);
      this.queue.serve();
    });
  }

  availability({ name, duty, limits }: Party, nowMs: number): Availability {
    const drainedUntilMs = this.drains.untilMs(name);
    if (drainedUntilMs !== undefined) return { kind: "drained", untilMs: drainedUntilMs };
    const availability = duty.availability(limits, nowMs);
    return availability.kind === "ready" && this.inflight >= this.maxInflight
      ? { kind: "full" }
      : availability;
  }

  /** Takes a place that is free, for a request to a model; `turn` is where the backend stands among equals then. */
  take(party: Party, turn: number = party.duty.turn + 1 / party.weight): Slot {
    const { duty } = party;
    this.inflight++;
    duty.inflight++;
    duty.turn = turn;
    const isTry = phaseOf(duty.breaker, this.clock.now()) === "half-open";
    if (isTry) this.put(party, tried(duty.breaker));
    return new Slot(this, party, isTry ? "try" : "work");
  }

  /** A place beside those that are counted: for a call about models, which keeps no engine from its work. */
  visit(party: Party): Slot {
    return new Slot(this, party, "visit");
  }

  /** A probe of the backend has come back. */
  probed(party: Party, isGood: boolean): void {
    const { duty, limits } = party;
    this.put(party, probed(duty.breaker, isGood, limits, this.clock.now(), this.random()));
  }

  put(party: Party, breaker: Breaker): void {
    const before = party.duty.breaker;
    party.duty.breaker = breaker;
    if (breaker.untilMs !== before.untilMs) this.watcher(party, breaker);
  }

  release({ duty }: Party): void {
    this.inflight--;
    duty.inflight--;
  }

  freed(): void {
    this.queue.serve();
  }
}
