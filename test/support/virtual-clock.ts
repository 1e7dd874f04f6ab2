/** A clock that only a test moves: alarms ring in their order, each at its time and not a moment later. */

import type { Alarm, Clock } from "../../src/traffic/clock.ts";

/** More than there ever are while time passes once. */
const MAX_RINGS = 100_000;

export class VirtualClock implements Clock {
  private nowMs = 0;
  private readonly alarms = new Set<VirtualAlarm>();
  /** None rings earlier. */
  private quietUntilMs = Infinity;

  now(): number {
    return this.nowMs;
  }

  /** How many alarms are to ring at some time. */
  get pending(): number {
    return [...this.alarms].filter(({ atMs }) => atMs < Infinity).length;
  }

  alarm(atMs: number, ring: () => void): Alarm {
    const alarm = new VirtualAlarm(ring, this);
    alarm.put(atMs);
    return alarm;
  }

  /** Lets time pass. What is due already rings, too. */
  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    let rings = 0;
    for (let next = this.firstBy(untilMs); next !== undefined; next = this.firstBy(untilMs)) {
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.alarms.delete(next);
      next.ring();
      if (++rings > MAX_RINGS) throw new Error(`Alarms ring on and on at ${this.nowMs}`);
    }
    this.nowMs = untilMs;
  }

  await(alarm: VirtualAlarm): void {
    this.alarms.delete(alarm);
    this.alarms.add(alarm);
    this.quietUntilMs = Math.min(this.quietUntilMs, alarm.atMs);
  }

  forget(alarm: VirtualAlarm): void {
    this.alarms.delete(alarm);
  }

  private firstBy(untilMs: number): VirtualAlarm | undefined {
    if (this.quietUntilMs > untilMs) return undefined;
    let first: VirtualAlarm | undefined;
    for (const alarm of this.alarms) if (alarm.atMs < (first?.atMs ?? Infinity)) first = alarm;
    this.quietUntilMs = first?.atMs ?? Infinity;
    return this.quietUntilMs > untilMs ? undefined : first;
  }
}

class VirtualAlarm implements Alarm {
  atMs = Infinity;
  readonly ring: () => void;
  private readonly clock: VirtualClock;
  private isCancelled = false;

  constructor(ring: () => void, clock: VirtualClock) {
    this.ring = ring;
    this.clock = clock;
  }

  put(atMs: number): void {
    this.atMs = atMs;
    if (!this.isCancelled) this.clock.await(this);
  }

  cancel(): void {
    this.isCancelled = true;
    this.clock.forget(this);
  }
}
