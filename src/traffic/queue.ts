/** Requests that wait for a backend: first come, first served, as far as what is free can serve them. */

import type { Alarm, Clock } from "./clock.ts";

export interface Waiter {
  /** Requests of one line want the same, and its length is bounded. */
  readonly line: string;
  /** Waiters of one kind can be served by the very same: where one of them gets nothing, none of them does. */
  readonly kind: string;
  /** Takes a place if there is one: true. Else when there may be one though nothing happens until then, or `Infinity`. */
  readonly claim: () => true | number;
  /** Told when it has waited long enough, or cannot wait at all. */
  readonly refuse: (why: "full" | "timeout") => void;
}

export interface QueueLimits {
  /** Waiters of one line. */
  readonly size: number;
  readonly timeoutMs: number;
}

export class Queue {
  private readonly waiters = new Map<Waiter, Alarm>();
  private readonly lengths = new Map<string, number>();
  private readonly clock: Clock;
  private wakeAlarm: Alarm | undefined;
  private wakesAtMs = Infinity;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get size(): number {
    return this.waiters.size;
  }

  lengthOf(line: string): number {
    return this.lengths.get(line) ?? 0;
  }

  /**
   * Waits until the waiter has claimed a place, or is refused. `atMs`: when it may claim one though nothing happens.
   * The returned function leaves the queue.
   */
  join(waiter: Waiter, { size, timeoutMs }: QueueLimits, atMs: number): () => void {
    if (this.lengthOf(waiter.line) >= size) {
      waiter.refuse("full");
      return () => {};
    }
    const timeout = this.clock.alarm(this.clock.now() + timeoutMs, () => {
      this.leave(waiter);
      waiter.refuse("timeout");
    });
    this.waiters.set(waiter, timeout);
    this.lengths.set(waiter.line, this.lengthOf(waiter.line) + 1);
    this.wakeBy(atMs);
    return () => this.leave(waiter);
  }

  /** Something may be free: lets the waiters claim it, the one that came first before the others. */
  serve(): void {
    if (this.waiters.size === 0) return;
    let nextMs = Infinity;
    const vain = new Set<string>();
    for (const waiter of this.waiters.keys()) {
      if (vain.has(waiter.kind)) continue;
      const claimed = waiter.claim();
      if (claimed === true) this.leave(waiter);
      else {
        vain.add(waiter.kind);
        nextMs = Math.min(nextMs, claimed);
      }
    }
    this.wakeBy(nextMs);
  }

  /** Lets those claim first who may by the clock, though its alarm has not rung yet: nobody who comes now goes before them. */
  serveDue(): void {
    if (this.wakesAtMs <= this.clock.now()) this.serve();
  }

  private leave(waiter: Waiter): void {
    const timeout = this.waiters.get(waiter);
    if (timeout === undefined) return;
    timeout.cancel();
    this.waiters.delete(waiter);
    const length = this.lengthOf(waiter.line) - 1;
    if (length > 0) this.lengths.set(waiter.line, length);
    else this.lengths.delete(waiter.line);
  }

  private wakeBy(atMs: number): void {
    if (atMs >= this.wakesAtMs) return;
    this.wakeAlarm?.cancel();
    this.wakesAtMs = atMs;
    this.wakeAlarm = this.clock.alarm(atMs, () => {
      this.wakesAtMs = Infinity;
      this.serve();
    });
  }
}
