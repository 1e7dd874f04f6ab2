/** The body of an answer that is still to come, chunk by chunk, as long as the engine is not silent for too long. */

import type { Slot } from "../traffic/slot.ts";
import type { Patience } from "./patience.ts";

export class Flow {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly patience: Patience;
  private readonly slot: Slot;
  /** The first chunk, until it is asked for. */
  private first: Uint8Array | undefined;
  private isOver = false;

  private constructor(body: ReadableStream<Uint8Array>, patience: Patience, slot: Slot) {
    this.chunks = body[Symbol.asyncIterator]();
    this.patience = patience;
    this.slot = slot;
  }

  /** Resolves when the first chunk is there: until then nothing is lost, and another engine can be asked. */
  static async begin(body: ReadableStream<Uint8Array>, patience: Patience, slot: Slot): Promise<Flow> {
    const flow = new Flow(body, patience, slot);
    flow.first = await flow.read();
    return flow;
  }

  /** The first chunk, as long as nobody has asked for it. */
  peek(): Uint8Array | undefined {
    return this.first;
  }

  /** Undefined at the end. Rejects where the engine breaks off, is silent for too long, or the client has left. */
  async next(): Promise<Uint8Array | undefined> {
    const { first } = this;
    if (first !== undefined) {
      this.first = undefined;
      return first;
    }
    if (this.isOver) return undefined;
    this.patience.await();
    return this.read();
  }

  /** Whether it ended because the engine said nothing for too long. */
  get wasSilent(): boolean {
    return this.patience.ranOut !== undefined;
  }

  /** All chunks in one. */
  async whole(): Promise<Uint8Array> {
    const first = await this.next();
    if (first === undefined) return new Uint8Array();
    const chunks = [first];
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) chunks.push(chunk);
    return chunks.length === 1 ? first : Buffer.concat(chunks);
  }

  /** Gives the rest up: the engine is told at once, rather than when the body is collected as garbage. */
  async cancel(): Promise<void> {
    this.end();
    // a body that has failed already has nothing left to be told
    await this.chunks.return?.().catch(() => {});
  }

  private async read(): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await this.chunks.next();
      if (done) {
        this.end();
        return undefined;
      }
      this.slot.alive();
      this.patience.pause();
      return value;
    } catch (failure) {
      this.end();
      throw failure;
    }
  }

  private end(): void {
    this.isOver = true;
    this.patience.end();
  }
}
