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

/** A copy of `bytes` in which each edit is made; they come in order and do not overlap. */
export function splice(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let length = bytes.length;
  for (const { start, end, bytes: replacement } of edits) length += replacement.length - (end - start);
  const spliced = new Uint8Array(length);
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

/** Edits in the order of their places. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}
