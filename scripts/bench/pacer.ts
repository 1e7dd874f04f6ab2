/** Sends the events of many streams, each at its own pace. One tick serves all of them, so that none waits for a timer. */

import { eventAt, STREAM_END, STREAM_HEAD } from "./answers.ts";

const TICK_MS = 1;

export interface Paced {
  readonly chunks: number;
  readonly everyMs: number;
  /** False when nobody listens any more. */
  readonly send: (bytes: Buffer) => boolean | void;
}

interface Stream extends Paced {
  left: number;
  dueMs: number;
}

export class Pacer {
  private readonly streams = new Set<Stream>();
  private timer: Timer | undefined;
  /** Streams begin spread over their pace, and do not all speak at once. */
  private count = 0;

  add(paced: Paced): void {
    paced.send(STREAM_HEAD);
    // the golden ratio's multiples spread evenly, however many there are
    const phase = (this.count++ * 0.618_034) % 1;
    this.streams.add({ ...paced, left: paced.chunks, dueMs: performance.now() + paced.everyMs * phase });
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.streams.clear();
  }

  private tick(): void {
    for (const stream of this.streams) {
      const nowMs = performance.now();
      if (stream.dueMs > nowMs) continue;
      stream.dueMs += stream.everyMs;
      const isHeard = stream.send(eventAt(nowMs)) !== false;
      stream.left--;
      if (stream.left === 0) stream.send(STREAM_END);
      if (stream.left === 0 || !isHeard) this.streams.delete(stream);
    }
    if (this.streams.size === 0) this.stop();
  }
}
