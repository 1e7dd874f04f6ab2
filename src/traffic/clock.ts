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
  /** In any order: one is put in and taken out at every turn of every request, for which a `Set` is too dear. */
  private readonly alarms: SystemAlarm[] = [];
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
    if (alarm.place === -1) alarm.place = this.alarms.push(alarm) - 1;
    this.wakeBy(alarm.atMs);
  }

  forget(alarm: SystemAlarm): void {
    const last = this.alarms.at(-1);
    if (alarm.place === -1 || last === undefined) return;
    this.alarms[alarm.place] = last;
    last.place = alarm.place;
    this.alarms.pop();
    alarm.place = -1;
  }

  private wakeBy(atMs: number): void {
    if (atMs >= this.wakesAtMs) return;
    clearTimeout(this.timer);
    this.wakesAtMs = atMs;
    this.timer = setTimeout(() => this.ringDue(), Math.max(GRAIN_MS, atMs - this.now())).unref();
  }

  private ringDue(): void {
    const nowMs = this.now();
    const due = this.alarms.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const alarm of due) this.forget(alarm);
    this.wakesAtMs = Infinity;
    for (const alarm of due) if (alarm.atMs <= nowMs && !alarm.isCancelled) alarm.ring();
    let nextMs = Infinity;
    for (const { atMs } of this.alarms) nextMs = Math.min(nextMs, atMs);
    this.wakeBy(nextMs);
  }
}

class SystemAlarm implements Alarm {
  atMs = Infinity;
  /** Among those of its clock; -1: it is not there. */
  place = -1;
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
