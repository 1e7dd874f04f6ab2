/** Who may send what where: the places that requests take at backends, and what becomes known of these by it. */

import { type Breaker, phaseOf, probed, tried } from "../domain/breaker.ts";
import { type Clock, SystemClock } from "./clock.ts";
import { Conversations } from "./conversations.ts";
import { Drains } from "./drains.ts";
import type { Availability, Duty, Limits } from "./duty.ts";
import { Queue } from "./queue.ts";
import { Slot, type SlotOptions } from "./slot.ts";

/** A backend, as far as traffic is concerned. */
export interface Party {
  readonly name: string;
  readonly duty: Duty;
  readonly limits: Limits;
  readonly weight: number;
}

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
export class Traffic {
  readonly clock: Clock;
  readonly random: () => number;
  readonly queue: Queue;
  readonly drains: Drains;
  readonly conversations = new Conversations();
  private readonly maxInflight: number;
  private readonly watcher: BreakerWatcher;
  private inflight = 0;
  /** Where the turns are: whoever had none for long does not get all the next ones. */
  private turn = 0;

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

  /** Takes a place that is free: for a request to a model, with a weight. */
  take(party: Party, weight: number = party.weight): Slot {
    const { duty } = party;
    this.inflight++;
    duty.inflight++;
    this.turn = Math.max(this.turn, duty.turn);
    duty.turn = this.turn + 1 / weight;
    const isTry = phaseOf(duty.breaker, this.clock.now()) === "half-open";
    if (isTry) this.put(party, tried(duty.breaker));
    const leave = (): void => {
      this.inflight--;
      duty.inflight--;
    };
    return this.slot(party, { isTry, isVisit: false, leave });
  }

  /** A place beside those that are counted: for a call about models, which keeps no engine from its work. */
  visit(party: Party): Slot {
    return this.slot(party, { isTry: false, isVisit: true, leave: () => {} });
  }

  /** A probe of the backend has come back. */
  probed(party: Party, isGood: boolean): void {
    const { duty, limits } = party;
    this.put(party, probed(duty.breaker, isGood, limits, this.clock.now(), this.random()));
  }

  private slot(party: Party, how: Pick<SlotOptions, "isTry" | "isVisit" | "leave">): Slot {
    const { duty, limits } = party;
    return new Slot({
      ...how,
      duty,
      limits,
      now: () => this.clock.now(),
      random: this.random,
      put: (breaker) => this.put(party, breaker),
      freed: () => this.queue.serve(),
    });
  }

  private put(party: Party, breaker: Breaker): void {
    const before = party.duty.breaker;
    party.duty.breaker = breaker;
    if (breaker.untilMs !== before.untilMs) this.watcher(party, breaker);
  }
}
