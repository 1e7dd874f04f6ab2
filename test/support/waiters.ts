/** Waiters of a queue that a test gives places to, and that keep a diary. */

import { Queue, type QueueLimits } from "../../src/traffic/queue.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface WaiterOptions {
  readonly line?: string;
  /** The places that it could use. */
  readonly wants?: readonly string[];
  /** The times at which one may be free though nothing happens. */
  readonly wakesAtMs?: readonly number[];
  readonly limits?: Partial<QueueLimits>;
  /** Called when it is asked to claim a place. */
  readonly asked?: () => void;
}

export class QueueStage {
  readonly clock = new VirtualClock();
  readonly queue = new Queue(this.clock);
  /** Free places, each for one waiter. */
  readonly free: string[] = [];
  /** What became of the waiters, in the order of it: `ann got x at 5`, `bob timeout at 9`. */
  readonly diary: string[] = [];
  /** Who was asked to claim a place. */
  readonly asked: string[] = [];

  /** Joins the queue; the returned function leaves it. Whoever says nothing else wants "x", and waits for a second. */
  join(name: string, options: WaiterOptions = {}): () => void {
    const { line = "line", wants = ["x"], wakesAtMs = [], limits, asked = () => {} } = options;
    const nextMs = (): number => wakesAtMs.find((ms) => ms > this.clock.now()) ?? Infinity;
    const claim = (): true | number => {
      this.asked.push(name);
      asked();
      const place = wants.find((one) => this.free.includes(one));
      if (place === undefined) return nextMs();
      this.free.splice(this.free.indexOf(place), 1);
      this.note(`${name} got ${place}`);
      return true;
    };
    const refuse = (why: string): void => this.note(`${name} ${why}`);
    const kind = `${line} ${wants.join(" ")}`;
    return this.queue.join({ line, kind, claim, refuse }, { size: 10, timeoutMs: 1000, ...limits }, nextMs());
  }

  /** Frees places, and lets those who wait know. */
  serve(...places: readonly string[]): void {
    this.free.push(...places);
    this.queue.serve();
  }

  private note(what: string): void {
    this.diary.push(`${what} at ${this.clock.now()}`);
  }
}
