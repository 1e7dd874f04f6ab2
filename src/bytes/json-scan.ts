/** Steps through JSON text in its bytes, without building values. */

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;

/** Where the first byte that is no white space stands, from `at` on; the length if there is none. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === RETURN || byte === 0x09;
}

/** One past the closing quote of the string that opens at `at`; -1 if it never closes. */
export function skipString(bytes: Uint8Array, at: number): number {
  for (let quote = bytes.indexOf(QUOTE, at + 1); quote !== -1; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let before = quote - 1;
    while (bytes[before] === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return -1;
}

/** One past the object or array that opens at `at`; -1 if it never closes. Which bracket closes which is not checked. */
export function skipNested(bytes: Uint8Array, at: number): number {
  let depth = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      if (at === -1) return -1;
      continue;
    }
    at++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at;
  }
  return -1;
}
