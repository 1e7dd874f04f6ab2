/** What is wrong with a JSON text, in the words of Go's encoding/json, which Ollama's clients get to see. */

export interface Malformed {
  readonly malformed: string;
}

/** The words for a byte that cannot stand where it does; past the end, for a text that is cut off. */
export function unexpected(body: Uint8Array, at: number, where: string): Malformed {
  const byte = body[at];
  if (byte === undefined) return { malformed: "unexpected EOF" };
  return { malformed: `invalid character ${goQuoted(byte)} ${where}` };
}

const ESCAPES: Record<number, string> = {
  7: "a",
  8: "b",
  9: "t",
  10: "n",
  11: "v",
  12: "f",
  13: "r",
  0x27: "'",
  0x5c: "\\",
};

/** A byte as Go's `strconv` quotes the character of its number: `'b'`, `'\n'`, `'\x1f'`, `'\u0080'`. */
function goQuoted(byte: number): string {
  const escape = ESCAPES[byte];
  if (escape !== undefined) return `'\\${escape}'`;
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, "0")}'`;
  if ((byte >= 0x80 && byte < 0xa1) || byte === 0xad) return `'\\u00${byte.toString(16)}'`;
  return `'${String.fromCharCode(byte)}'`;
}

/** The words for a string that is none: it holds a character that JSON wants escaped. */
export function badString(body: Uint8Array, start: number, end: number): Malformed {
  const control = body.subarray(start, end).findIndex((byte) => byte < 0x20);
  return control === -1
    ? { malformed: "invalid character in string escape code" }
    : unexpected(body, start + control, "in string literal");
}
