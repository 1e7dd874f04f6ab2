/**
 * Reads and copies parts of bytes. `subarray` would do, but Bun makes typed arrays without the `ArrayBuffer` that only
 * views need: the first one costs more than all that is done with it, and the garbage collector again as much.
 */

/** The text from `start` to `end`. What is no UTF-8 becomes U+FFFD. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.prototype.toString.call(bytes, "utf8", start, end);
}

/** Copies `from` from `start` to `end` into `to`, beginning at `at`. */
export function copyInto(to: Uint8Array, at: number, from: Uint8Array, start: number, end: number): void {
  Buffer.prototype.copy.call(from, to, at, start, end);
}

/** Whether the text stands somewhere in the bytes. */
export function includes(bytes: Uint8Array, text: string): boolean {
  return Buffer.prototype.includes.call(bytes, text);
}
