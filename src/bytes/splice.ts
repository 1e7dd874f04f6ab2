/** Replaces a few bytes of a body and leaves all others as they came. */

export interface Span {
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
}

/** A copy of `bytes` in which each span holds `replacement`; spans come in order and do not overlap. */
export function splice(bytes: Uint8Array, spans: readonly Span[], replacement: Uint8Array): Uint8Array {
  let length = bytes.length;
  for (const { start, end } of spans) length += replacement.length - (end - start);
  const spliced = new Uint8Array(length);
  let read = 0;
  let written = 0;
  for (const { start, end } of spans) {
    spliced.set(bytes.subarray(read, start), written);
    written += start - read;
    spliced.set(replacement, written);
    written += replacement.length;
    read = end;
  }
  spliced.set(bytes.subarray(read), written);
  return spliced;
}
