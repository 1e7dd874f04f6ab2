/** Replaces a few bytes of a body and leaves all others as they came. */

import { copyInto } from "./view.ts";

export interface Span {
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
}

/** Bytes that take the place of a span; of an empty span, that are put in there. */
export interface Edit extends Span {
  readonly bytes: Uint8Array;
}

/** A copy of `bytes` in which each edit is made, in order and without overlaps; without edits the very same bytes. */
export function splice(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return bytes;
  const spliced = new Uint8Array(lengthAfter(bytes, edits));
  let read = 0;
  let written = 0;
  for (const { start, end, bytes: replacement } of edits) {
    copyInto(spliced, written, bytes, read, start);
    written += start - read;
    spliced.set(replacement, written);
    written += replacement.length;
    read = end;
  }
  copyInto(spliced, written, bytes, read, bytes.length);
  return spliced;
}

function lengthAfter(bytes: Uint8Array, edits: readonly Edit[]): number {
  let length = bytes.length;
  for (const { start, end, bytes: replacement } of edits) length += replacement.length - (end - start);
  return length;
}

/** What is longer is sent as it is spliced: whoever copied ten images of 50 MiB would need a gigabyte. */
export const LARGE_BYTES = 1024 * 1024;

/** Bytes in which edits are made as they are read, piece by piece. */
export class Splice {
  readonly length: number;
  private readonly bytes: Uint8Array;
  private readonly edits: readonly Edit[];

  /** The edits come in order and do not overlap. */
  constructor(bytes: Uint8Array, edits: readonly Edit[]) {
    this.bytes = bytes;
    this.edits = edits;
    this.length = lengthAfter(bytes, edits);
  }

  /** All of it, copied. */
  whole(): Uint8Array {
    return splice(this.bytes, this.edits);
  }

  /** All of it, again each time, in pieces that a connection takes one after the other. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    let read = 0;
    for (const { start, end, bytes } of this.edits) {
      yield* this.part(read, start);
      if (bytes.length > 0) yield bytes;
      read = end;
    }
    yield* this.part(read, this.bytes.length);
  }

  private *part(start: number, end: number): Generator<Uint8Array> {
    for (let at = start; at < end; at += LARGE_BYTES)
      yield this.bytes.subarray(at, Math.min(end, at + LARGE_BYTES));
  }
}

/** The bytes with the edits made, or to be made as they are sent. */
export function spliced(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array | Splice {
  return bytes.length > LARGE_BYTES ? new Splice(bytes, edits) : splice(bytes, edits);
}

/** Edits in the order of their places. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}
