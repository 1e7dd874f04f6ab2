/** Finds top-level fields of a JSON object in its bytes, and leaves all the rest unread. */

import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipBare,
  skipBlanks,
  skipNested,
  skipString,
} from "./json-scan.ts";

export interface Field {
  /** As it is wanted. */
  readonly key: string;
  /** Where the value stands: from its first byte to one past its last. */
  readonly start: number;
  readonly end: number;
  readonly type: "string" | "number" | "bool" | "null" | "object" | "array";
}

export interface Malformed {
  /** In the words of Go's encoding/json, which Ollama's clients get to see. */
  readonly malformed: string;
}

const decoder = new TextDecoder();

/** The body is JSON, but of another type than an object. */
export interface WrongType {
  readonly wrongType: Field["type"];
}

/**
 * The fields of the first JSON value whose keys, ignoring case, are `wanted`, duplicates included, in the order they come.
 *
 * Only the top level is checked: what is wrong deeper down, the engine says. What follows the value is ignored, and
 * `null` counts as an empty object: both as Go's decoder has it. A value of another type is an error too.
 */
export function findFields(body: Uint8Array, wanted: readonly string[]): Field[] | Malformed | WrongType {
  let at = skipBlanks(body, 0);
  if (at === body.length) return { malformed: "EOF" };
  if (body[at] !== OPEN_BRACE) return notAnObject(body, at);

  const fields: Field[] = [];
  at = skipBlanks(body, at + 1);
  if (body[at] === CLOSE_BRACE) return fields;
  for (;;) {
    if (body[at] !== QUOTE) return unexpected(body, at, "looking for beginning of object key string");
    const keyEnd = skipString(body, at);
    if (keyEnd === -1) return { malformed: "unexpected EOF" };
    const key = matchKey(body, at, keyEnd, wanted);
    at = skipBlanks(body, keyEnd);
    if (body[at] !== COLON) return unexpected(body, at, "after object key");

    const start = skipBlanks(body, at + 1);
    const type = typeAt(body, start);
    if (type === undefined) return unexpected(body, start, "looking for beginning of value");
    const end = skipValue(body, start);
    if (end === -1) return { malformed: "unexpected EOF" };
    if (key !== undefined) fields.push({ key, start, end, type });

    at = skipBlanks(body, end);
    if (body[at] === CLOSE_BRACE) return fields;
    if (body[at] !== COMMA) return unexpected(body, at, "after object key:value pair");
    at = skipBlanks(body, at + 1);
  }
}

/** The text of a JSON string that stands at `start` to `end`; undefined if it is not valid. */
export function readString(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    const text: unknown = JSON.parse(decoder.decode(bytes.subarray(start, end)));
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Longer keys are none that anybody wants; they are not decoded. */
const MAX_KEY_BYTES = 128;

/** The wanted key that the string from `start` to `end` is; undefined if it is another. */
function matchKey(
  body: Uint8Array,
  start: number,
  end: number,
  wanted: readonly string[],
): string | undefined {
  let plain = true;
  for (let at = start + 1; at < end - 1 && plain; at++) {
    const byte = body[at] ?? 0;
    plain = byte < 0x80 && byte !== BACKSLASH;
  }
  if (plain) return wanted.find((key) => sameLetters(body, start + 1, end - 1, key));
  if (end - start > MAX_KEY_BYTES) return undefined;
  // Go compares keys by Unicode's simple folding, in which the long s (ſ) is an s: by way of upper case it becomes one
  const key = readString(body, start, end)?.toUpperCase().toLowerCase();
  return wanted.find((candidate) => candidate === key);
}

function sameLetters(body: Uint8Array, start: number, end: number, key: string): boolean {
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at++) {
    const byte = body[start + at] ?? 0;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (lower !== key.charCodeAt(at)) return false;
  }
  return true;
}

function typeAt(body: Uint8Array, at: number): Field["type"] | undefined {
  const byte = body[at];
  if (byte === QUOTE) return "string";
  if (byte === OPEN_BRACE) return "object";
  if (byte === OPEN_BRACKET) return "array";
  if (byte === undefined) return undefined;
  const letter = String.fromCharCode(byte);
  if (letter === "n") return "null";
  if (letter === "t" || letter === "f") return "bool";
  return /[-0-9]/.test(letter) ? "number" : undefined;
}

function skipValue(body: Uint8Array, at: number): number {
  const byte = body[at];
  if (byte === QUOTE) return skipString(body, at);
  return byte === OPEN_BRACE || byte === OPEN_BRACKET ? skipNested(body, at) : skipBare(body, at);
}

function notAnObject(
  body: Uint8Array,
  at: number,
): Field[] | Malformed | { readonly wrongType: Field["type"] } {
  const type = typeAt(body, at);
  if (type === undefined) return unexpected(body, at, "looking for beginning of value");
  const end = skipValue(body, at);
  if (end === -1) return { malformed: "unexpected EOF" };
  return type === "null" ? [] : { wrongType: type };
}

function unexpected(body: Uint8Array, at: number, where: string): Malformed {
  const byte = body[at];
  if (byte === undefined) return { malformed: "unexpected EOF" };
  return { malformed: `invalid character ${goQuoted(byte)} ${where}` };
}

/** A byte as Go quotes it: `'b'`, `'\x1f'`, `'\\''`. */
function goQuoted(byte: number): string {
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, "0")}'`;
  const letter = String.fromCharCode(byte);
  return letter === "'" || letter === "\\" ? `'\\${letter}'` : `'${letter}'`;
}
