/** How long an engine may be silent in the course of one attempt. It ends the attempt, and tells which time ran out. */

import type { Timeouts } from "../config/config.ts";
import type { Alarm, Clock } from "../traffic/clock.ts";

export type RanOut = "connect" | "first byte" | "idle";

export interface PatienceOptions {
  readonly clock: Clock;
  readonly timeouts: Timeouts;
  /** Whether the answer has to begin in time at all: a call about models may take hours, and say nothing until then. */
  readonly hasFirstByte: boolean;
  /** Aborts when the client leaves. */
  readonly client: AbortSignal;
  /** Whether anybody takes connections there. */
  readonly isReached: (withinMs: number) => Promise<boolean>;
  /** Told that somebody does, while there is no answer yet. */
  readonly reached: () => void;
  /** Called once, when the attempt is over. */
  readonly ended: () => void;
}

export class Patience {
  /** Which time ran out; undefined while none did. */
  ranOut: RanOut | undefined;
  private readonly options: PatienceOptions;
  private readonly controller = new AbortController();
  private readonly startedMs: number;
  private readonly alarm: Alarm;
  private readonly left = (): void => this.controller.abort();
  private state: "connecting" | "waiting" | "flowing" | "over" = "connecting";

  constructor(options: PatienceOptions) {
    const { clock, timeouts, client } = options;
    this.options = options;
    this.startedMs = clock.now();
    // half of the time is for whoever answers at once; then it is found out whether anybody is there
    this.alarm = clock.alarm(this.startedMs + timeouts.connectMs / 2, () => void this.ring());
    if (client.aborted) this.left();
    else client.addEventListener("abort", this.left, { once: true });
  }

  /** Aborts when the client leaves, and when a time runs out. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The head of an answer is there, and its body is awaited. */
  answering(): void {
    this.state = "waiting";
    this.alarm.put(this.firstByteByMs());
  }

  /** A chunk is awaited. */
  await(): void {
    this.state = "flowing";
    this.alarm.put(this.options.clock.now() + this.options.timeouts.idleMs);
  }

  /** A chunk is there: it is the client's turn, which may take its time. */
  pause(): void {
    this.alarm.put(Infinity);
  }

  /** The attempt is over. */
  end(): void {
    if (this.state === "over") return;
    this.state = "over";
    this.alarm.cancel();
    this.options.ended();
    this.options.client.removeEventListener("abort", this.left);
  }

  private async ring(): Promise<void> {
    if (this.state !== "connecting") return this.runOut(this.state === "flowing" ? "idle" : "first byte");
    const { timeouts, isReached, reached } = this.options;
    const found = await isReached(timeouts.connectMs / 2);
    // an answer may have come in the meantime
    if (this.state !== "connecting" || this.signal.aborted) return;
    if (!found) return this.runOut("connect");
    this.state = "waiting";
    reached();
    this.alarm.put(this.firstByteByMs());
  }

  private firstByteByMs(): number {
    const { hasFirstByte, timeouts } = this.options;
    return hasFirstByte ? this.startedMs + timeouts.firstByteMs : Infinity;
  }

  private runOut(which: RanOut): void {
    this.ranOut = which;
    this.controller.abort();
  }
}
