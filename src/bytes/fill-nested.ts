/** Fills an object within a request body, such as Ollama's `options`; where it is missing, it is made. */

import { findFields, type WrongType } from "./fields.ts";
import { fieldsText, fill, type Filling, type Wish } from "./fill.ts";
import type { Malformed } from "./malformed.ts";
import { type Span } from "./splice.ts";

const NOTHING: Filling = { edits: [], replaced: [] };
const encoder = new TextEncoder();

/**
 * The edits that fulfil wishes in the object that stands in the field `key`. Written twice it is one, and a `null` in
 * between begins it anew: both as Go's decoder has it. What is no object at all is left for the engine to refuse.
 */
export function fillNested(
  body: Uint8Array,
  key: string,
  wishes: readonly Wish[],
): Filling | Malformed | WrongType {
  if (wishes.length === 0) return NOTHING;
  const fields = findFields(body, [key]);
  if (!Array.isArray(fields)) return fields;
  if (fields.some(({ type }) => type !== "object" && type !== "null")) return NOTHING;
  const objects: readonly Span[] = fields.slice(fields.findLastIndex(({ type }) => type === "null") + 1);
  if (objects.length > 0) return fill(body, objects, wishes, "exactly");
  const value = `{${fieldsText(wishes)}}`;
  const [last] = fields.slice(-1);
  if (last === undefined) {
    const whole = { start: 0, end: body.length };
    return fill(body, [whole], [{ keys: [key], value, isForced: false }], "ignoring case");
  }
  // a `null` behind an object stays: it is what takes that object's options back
  const text = fields.some(({ type }) => type === "object") ? `null,${JSON.stringify(key)}:${value}` : value;
  return { edits: [{ start: last.start, end: last.end, bytes: encoder.encode(text) }], replaced: [] };
}
