/** Tells the time and rings alarms. One timer serves all of them: there may be thousands, and nearly all are cancelled. */

export interface Clock {
  /** Milliseconds that never go backwards, from any beginning. */
  now(): number;
  /** Rings once, unless it is cancelled before. */
  alarm(atMs: number, ring: () => void): Alarm;
}

export interface Alarm {
  /** Rings at another time, also if it has rung already; `Infinity`: not until it is put to one. */
  put(atMs: number): void;
  /** It never rings again. */
  cancel(): void;
}

/** Alarms ring up to this late, so that thousands of them do not keep the process busy. */
const GRAIN_MS = 10;

/** The clock of this process. It does not keep a process alive. */
export class SystemClock implements Clock {
  private readonly alarms = new Set<SystemAlarm>();
  private timer: Timer | undefined;
  private wakesAtMs = Infinity;

  now(): number {
    return performance.now();
  }

  alarm(atMs: number, ring: () => void): Alarm {
    const alarm = new SystemAlarm(ring, this);
    alarm.put(atMs);
    return alarm;
  }

  await(alarm: SystemAlarm): void {
    this.alarms.add(alarm);
    this.wakeBy(alarm.atMs);
  }

  forget(alarm: SystemAlarm): void {
    this.alarms.delete(alarm);
  }

  private wakeBy(atMs: number): void {
    if (atMs >= this.wakesAtMs) return;
    clearTimeout(this.timer);
    this.wakesAtMs = atMs;
    this.timer = setTimeout(() => this.ringDue(), Math.max(GRAIN_MS, atMs - this.now())).unref();
  }

  private ringDue(): void {
    const nowMs = this.now();
    const due = [...this.alarms].filter(({ atMs }) => atMs <= nowMs);
    for (const alarm of due) this.alarms.delete(alarm);
    this.wakesAtMs = Infinity;
    for (const alarm of due) if (alarm.atMs <= nowMs && !alarm.isCancelled) alarm.ring();
    let nextMs = Infinity;
    for (const { atMs } of this.alarms) nextMs = Math.min(nextMs, atMs);
    this.wakeBy(nextMs);
  }
}

class SystemAlarm implements Alarm {
  atMs = Infinity;
  readonly ring: () => void;
  private readonly clock: SystemClock;
  isCancelled = false;

  constructor(ring: () => void, clock: SystemClock) {
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
