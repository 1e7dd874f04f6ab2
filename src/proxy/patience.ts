/** How long an engine may be silent in the course of one attempt. It ends the attempt, and tells which time ran out. */

import type { Backend } from "../fleet/backend.ts";
import type { Alarm, Clock } from "../traffic/clock.ts";
import type { Slot } from "../traffic/slot.ts";
import type { Call } from "./call.ts";
import type { Placed } from "./line.ts";

export type RanOut = "connect" | "first byte" | "idle";

/** Controllers of attempts that came to a good end: to make new ones costs a busy router a twelfth of its time. */
const spare: AbortController[] = [];
const MAX_SPARE = 256;

function isUnknown(): boolean {
  return false;
}

export class Patience implements EventListenerObject {
  /** Which time ran out; undefined while none did. */
  ranOut: RanOut | undefined;
  private readonly call: Pick<Call, "signal" | "replayable">;
  private readonly backend: Backend;
  private readonly slot: Slot;
  private readonly clock: Clock;
  private readonly controller = spare.pop() ?? new AbortController();
  private readonly startedMs: number;
  private readonly alarm: Alarm;
  /** Whether the connection is known to stand, however a dial goes. */
  isConnected: () => boolean = isUnknown;
  private state: "connecting" | "waiting" | "flowing" | "over" = "connecting";

  /** The time for a connection begins now. Counts the call in at the backend's connections. */
  constructor(call: Pick<Call, "signal" | "replayable">, { candidate, slot }: Placed, clock: Clock) {
    const { backend } = candidate;
    this.call = call;
    this.backend = backend;
    this.slot = slot;
    this.clock = clock;
    this.startedMs = clock.now();
    backend.calls++;
    // half of the time is for whoever answers at once; then it is found out whether the machine is
    const halfMs = backend.settings.timeouts.connectMs / 2;
    this.alarm = clock.alarm(
      Math.min(this.startedMs + halfMs, this.firstByteByMs()),
      () => void this.ring(halfMs),
    );
    if (call.signal.aborted) this.controller.abort();
    else call.signal.addEventListener("abort", this);
  }

  /** The client has left. */
  handleEvent(): void {
    this.controller.abort();
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
    this.alarm.put(this.clock.now() + this.backend.settings.timeouts.idleMs);
  }

  /** A chunk is there: it is the client's turn, which may take its time. */
  pause(): void {
    this.alarm.put(Infinity);
  }

  /** The attempt is over, and all that came of it was read. */
  finish(): void {
    const isMine = this.state !== "over";
    this.end();
    if (isMine && !this.signal.aborted && spare.length < MAX_SPARE) spare.push(this.controller);
  }

  /** The attempt is over. */
  end(): void {
    if (this.state === "over") return;
    this.state = "over";
    this.alarm.cancel();
    this.backend.calls--;
    this.call.signal.removeEventListener("abort", this);
  }

  private async ring(dialMs: number): Promise<void> {
    if (this.state === "flowing") return this.runOut("idle");
    if (this.firstByteByMs() <= this.clock.now()) return this.runOut("first byte");
    const dialed = await this.backend.dial(dialMs);
    // an answer may have come in the meantime
    if (this.state !== "connecting" || this.signal.aborted) return;
    if (dialed === "silent" && !this.isConnected()) return this.runOut("connect");
    this.state = "waiting";
    if (dialed === "taken") this.slot.connected();
    this.alarm.put(this.firstByteByMs());
  }

  /** A call about models may take hours, and say nothing until then. */
  private firstByteByMs(): number {
    return this.call.replayable ? this.startedMs + this.backend.settings.timeouts.firstByteMs : Infinity;
  }

  private runOut(which: RanOut): void {
    this.ranOut = which;
    this.controller.abort();
  }
}
