/** Finds top-level fields of a JSON object in its bytes, and leaves all the rest unread. */

import { fold } from "../domain/name.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipBlanks,
  skipNested,
  skipString,
} from "./json-scan.ts";
import { type Malformed, unexpected } from "./malformed.ts";
import { textAt } from "./view.ts";

export interface Field {
  /** As it is wanted. */
  readonly key: string;
  /** Where the value stands: from its first byte to one past its last. */
  readonly start: number;
  readonly end: number;
  readonly type: "string" | "number" | "bool" | "null" | "object" | "array";
}

/** The body is JSON, but of another type than an object. */
export interface WrongType {
  readonly wrongType: Field["type"];
}

/** How a key is compared: Go's decoder ignores the case of fields, but not of the keys of its maps. */
export type Match = "ignoring case" | "exactly";

/**
 * The fields of the first JSON value whose keys are `wanted`, duplicates included, in the order they come.
 *
 * Only the top level is checked: what is wrong deeper down, the engine says. What follows the value is ignored, and
 * `null` counts as an empty object: both as Go's decoder has it. A value of another type is an error too.
 */
export function findFields(
  body: Uint8Array,
  wanted: readonly string[],
  match: Match = "ignoring case",
): Field[] | Malformed | WrongType {
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
    const key = matchKey(body, at, keyEnd, wanted, match);
    at = skipBlanks(body, keyEnd);
    if (body[at] !== COLON) return unexpected(body, at, "after object key");

    const start = skipBlanks(body, at + 1);
    const type = typeAt(body, start);
    if (type === undefined) return unexpected(body, start, "looking for beginning of value");
    const end = skipValue(body, start, type);
    if (typeof end === "object") return end;
    if (end === -1) return { malformed: "unexpected EOF" };
    if (key !== undefined) fields.push({ key, start, end, type });
    if (fields.length > MAX_FIELDS) return { malformed: `more than ${MAX_FIELDS} fields "${key}"` };

    at = skipBlanks(body, end);
    if (body[at] === CLOSE_BRACE) return fields;
    if (body[at] !== COMMA) return unexpected(body, at, "after object key:value pair");
    at = skipBlanks(body, at + 1);
  }
}

/** More than any client writes; they are refused rather than held. */
export const MAX_FIELDS = 1000;

/** The text of a JSON string that stands at `start` to `end`; undefined if it is not valid. */
export function readString(bytes: Uint8Array, start: number, end: number): string | undefined {
  try {
    const text: unknown = JSON.parse(textAt(bytes, start, end));
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A letter takes so many bytes at most, as `\u006d`. Longer keys are none that anybody wants; they are not decoded. */
const MAX_LETTER_BYTES = 6;

/** The wanted key that the string from `start` to `end` is; undefined if it is another. */
function matchKey(
  body: Uint8Array,
  start: number,
  end: number,
  wanted: readonly string[],
  match: Match,
): string | undefined {
  let plain = true;
  for (let at = start + 1; at < end - 1 && plain; at++) {
    const byte = body[at] ?? 0;
    plain = byte < 0x80 && byte !== BACKSLASH;
  }
  if (plain) {
    for (const key of wanted) if (sameLetters(body, start + 1, end - 1, key, match)) return key;
    return undefined;
  }
  const longest = Math.max(...wanted.map(({ length }) => length));
  if (end - start > 2 + MAX_LETTER_BYTES * longest) return undefined;
  if (match === "exactly") return wanted.find((candidate) => candidate === readString(body, start, end));
  // Go compares keys by Unicode's simple folding, in which two letters beyond ASCII are an s and a k
  const key = readString(body, start, end)?.replaceAll("\u017f", "s").replaceAll("\u212a", "k");
  return key && wanted.find((candidate) => candidate === fold(key));
}

function sameLetters(body: Uint8Array, start: number, end: number, key: string, match: Match): boolean {
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at++) {
    const byte = body[start + at] ?? 0;
    const isUpper = match === "ignoring case" && byte >= 0x41 && byte <= 0x5a;
    const lower = isUpper ? byte + 0x20 : byte;
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

/** One past a value; -1 if it does not end; else what is wrong with it. */
function skipValue(body: Uint8Array, at: number, type: Field["type"]): number | Malformed {
  if (type === "string") return skipString(body, at);
  if (type === "object" || type === "array") return skipNested(body, at);
  return type === "number" ? skipNumber(body, at) : skipLiteral(body, at, LITERALS[body[at] ?? 0] ?? "");
}

const LITERALS: Record<number, string> = { 0x6e: "null", 0x74: "true", 0x66: "false" };

/** One past a literal that is spelled right; -1 where the text ends within it. */
function skipLiteral(body: Uint8Array, at: number, literal: string): number | Malformed {
  for (let letter = 0; letter < literal.length; letter++) {
    if (at + letter === body.length) return -1;
    if (body[at + letter] === literal.charCodeAt(letter)) continue;
    return unexpected(body, at + letter, `in literal ${literal} (expecting '${literal[letter]}')`);
  }
  return at + literal.length;
}

/** One past a number: what its grammar leaves out, the byte behind it is told for. */
function skipNumber(body: Uint8Array, at: number): number {
  while (at < body.length && /[-+.0-9eE]/.test(String.fromCharCode(body[at] ?? 0))) at++;
  return at;
}

function notAnObject(body: Uint8Array, at: number): Field[] | Malformed | WrongType {
  const type = typeAt(body, at);
  if (type === undefined) return unexpected(body, at, "looking for beginning of value");
  const end = skipValue(body, at, type);
  if (typeof end === "object") return end;
  if (end === -1) return { malformed: "unexpected EOF" };
  return type === "null" ? [] : { wrongType: type };
}
