/** Which backends are drained: what they are doing they finish, and nothing new goes there. By name, so that it outlives reloads. */

import type { Alarm, Clock } from "./clock.ts";

interface Drain {
  readonly untilMs: number;
  readonly alarm: Alarm | undefined;
}

export class Drains {
  private readonly drains = new Map<string, Drain>();
  private readonly clock: Clock;
  private readonly over: (name: string) => void;

  /** `over` is told of each backend that is back, by the clock or by `resume`. */
  constructor(clock: Clock, over: (name: string) => void) {
    this.clock = clock;
    this.over = over;
  }

  /** Drains for so long, or until `resume`. A second call takes the place of the first. */
  drain(name: string, forMs = Infinity): void {
    this.drains.get(name)?.alarm?.cancel();
    const untilMs = this.clock.now() + forMs;
    const alarm = forMs === Infinity ? undefined : this.clock.alarm(untilMs, () => this.resume(name));
    this.drains.set(name, { untilMs, alarm });
  }

  /** Whether it was drained. */
  resume(name: string): boolean {
    this.drains.get(name)?.alarm?.cancel();
    const wasDrained = this.drains.delete(name);
    if (wasDrained) this.over(name);
    return wasDrained;
  }

  has(name: string): boolean {
    return this.drains.has(name);
  }

  /** When it will be back, `Infinity` for whenever its owner says so; undefined: it is not drained. */
  untilMs(name: string): number | undefined {
    return this.drains.size === 0 ? undefined : this.drains.get(name)?.untilMs;
  }
}
