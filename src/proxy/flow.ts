/** The body of an answer that is still to come, chunk by chunk, as long as the engine is not silent for too long. */

import type { Slot } from "../traffic/slot.ts";
import type { Patience } from "./patience.ts";

/** Bun's types know two readers of one name, and one more method of one than of the other. */
export interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export class Flow {
  private readonly reader: Reader;
  private readonly patience: Patience;
  private readonly slot: Slot;
  /** The first chunk, until it is asked for. */
  private first: Uint8Array | undefined;
  private isOver = false;

  private constructor(body: ReadableStream<Uint8Array>, patience: Patience, slot: Slot) {
    this.reader = body.getReader();
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
  next(): Promise<Uint8Array | undefined> {
    const { first } = this;
    if (first !== undefined) {
      this.first = undefined;
      return Promise.resolve(first);
    }
    if (this.isOver) return Promise.resolve(undefined);
    this.patience.await();
    return this.read();
  }

  /** Whether it ended because the engine said nothing for too long. */
  get wasSilent(): boolean {
    return this.patience.ranOut !== undefined;
  }

  /** Gives the rest up: the engine is told at once, rather than when the body is collected as garbage. */
  async cancel(): Promise<void> {
    this.end();
    // a body that has failed already has nothing left to be told
    await this.reader.cancel().catch(() => {});
  }

  /** Not an async function: one more promise for each chunk of each stream would be felt. */
  private read(): Promise<Uint8Array | undefined> {
    return this.reader.read().then(this.took, this.failed);
  }

  private readonly took = ({
    value,
  }: {
    readonly value?: Uint8Array | undefined;
  }): Uint8Array | undefined => {
    if (value === undefined) {
      this.isOver = true;
      this.patience.finish();
      return undefined;
    }
    this.slot.alive();
    this.patience.pause();
    return value;
  };

  private readonly failed = (failure: unknown): never => {
    this.end();
    throw failure;
  };

  private end(): void {
    this.isOver = true;
    this.patience.end();
  }
}
