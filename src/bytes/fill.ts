/** Puts values into the fields of a JSON object in its bytes: where it says nothing, or whatever it says. */

import { type Field, findFields, type Match, MAX_FIELDS, type WrongType } from "./fields.ts";
import { CLOSE_BRACE, skipBlanks } from "./json-scan.ts";
import type { Malformed } from "./malformed.ts";
import type { Edit, Span } from "./splice.ts";

/** What is to become of a field. */
export interface Wish {
  /** What it is called, and then what else may be said in its stead. */
  readonly keys: readonly [string, ...string[]];
  /** As JSON. */
  readonly value: string;
  /** Whether it takes the place of what is there. */
  readonly isForced: boolean;
}

export interface Filling {
  readonly edits: readonly Edit[];
  /** The wishes that took the place of another value. */
  readonly replaced: readonly Wish[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The edits that fulfil wishes in an object; several objects are read as one, as Go's decoder reads a map that is written
 * twice. Of duplicates the last counts, and `null` says nothing; a forced value is put wherever its key stands.
 */
export function fill(
  body: Uint8Array,
  objects: readonly Span[],
  wishes: readonly Wish[],
  match: Match,
): Filling | Malformed | WrongType {
  const keys = wishes.flatMap((wish) => wish.keys);
  const fields: Field[] = [];
  for (const { start, end } of objects) {
    const found = findFields(body.subarray(start, end), keys, match);
    if (!Array.isArray(found)) return found;
    fields.push(...found.map((field) => ({ ...field, start: start + field.start, end: start + field.end })));
    // a small body can hold an object a thousand times, with a thousand fields each
    if (fields.length > MAX_FIELDS) return { malformed: `more than ${MAX_FIELDS} fields in one object` };
  }
  const edits: Edit[] = [];
  const replaced: Wish[] = [];
  const missing: Wish[] = [];
  for (const wish of wishes) {
    const there = fields.filter(({ key }) => wish.keys.includes(key));
    const said = wish.keys.flatMap((key) => sayingField(there, key));
    const bytes = encoder.encode(wish.value);
    if (wish.isForced && said.some((field) => !isSame(body, field, wish.value))) replaced.push(wish);
    if (there.length === 0) missing.push(wish);
    else if (wish.isForced || said.length === 0) {
      const places = wish.isForced ? there : there.slice(-1);
      for (const place of places) if (!isThere(body, place, bytes)) edits.push({ ...spanOf(place), bytes });
    }
  }
  const last = objects.at(-1);
  if (last !== undefined && missing.length > 0) edits.push(insertion(body, last, missing));
  return { edits, replaced };
}

/** The field that counts, of those with this key, unless it is `null`. */
function sayingField(fields: readonly Field[], key: string): Field[] {
  const last = fields.findLast((field) => field.key === key);
  return last === undefined || last.type === "null" ? [] : [last];
}

function isThere(body: Uint8Array, { start, end }: Span, bytes: Uint8Array): boolean {
  return Buffer.compare(body.subarray(start, end), bytes) === 0;
}

/** Whether it says the same, though a number may be written otherwise. */
function isSame(body: Uint8Array, { start, end, type }: Field, value: string): boolean {
  const text = decoder.decode(body.subarray(start, end));
  return text === value || (type === "number" && Number(text) === Number(value));
}

function spanOf({ start, end }: Field): Span {
  return { start, end };
}

/** Puts fields in front of all others. */
function insertion(body: Uint8Array, object: Span, wishes: readonly Wish[]): Edit {
  const at = skipBlanks(body, object.start) + 1;
  const isEmpty = body[skipBlanks(body, at)] === CLOSE_BRACE;
  const fields = fieldsText(wishes);
  return { start: at, end: at, bytes: encoder.encode(isEmpty ? fields : `${fields},`) };
}

/** The fields of a JSON object, without its braces. */
export function fieldsText(wishes: readonly Wish[]): string {
  return wishes.map(({ keys: [key], value }) => `${JSON.stringify(key)}:${value}`).join(",");
}
