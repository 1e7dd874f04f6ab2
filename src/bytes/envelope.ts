/** A request body whose model name can be read and replaced without touching any other byte. */

import { type Field, findFields, type Malformed, readString, type WrongType } from "./fields.ts";
import { findFormFields } from "./form.ts";
import { type Span, splice } from "./splice.ts";

export interface Envelope {
  /** The name as the client sent it; "" where there is none. */
  readonly name: string;
  /** The same as a JSON string, letter for letter as it came. */
  readonly quotedName: Uint8Array;
  /** The body with `model` wherever the name stood. */
  readonly address: (model: string) => Uint8Array;
}

/** The model's name has a type that no name can have. */
export interface NotAString {
  readonly notAString: Field["type"];
  readonly key: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Opens a JSON body. `keys` are the fields that may hold the name: the first of them that has a name decides, and
 * of its duplicates the last, as Go's decoder has it; but every one is replaced, so that no engine reads another.
 */
export function openJson(
  body: Uint8Array,
  keys: readonly string[],
): Envelope | Malformed | WrongType | NotAString {
  const fields = findFields(body, keys);
  if (!Array.isArray(fields)) return fields;

  const names = new Map<string, { readonly name: string; readonly field: Field }>();
  for (const field of fields) {
    if (field.type === "null") continue;
    if (field.type !== "string") return { notAString: field.type, key: field.key };
    const name = readString(body, field.start, field.end);
    if (name === undefined) return { malformed: "invalid character in string literal" };
    if (name !== "") names.set(field.key, { name, field });
  }
  const decisive = keys.map((key) => names.get(key)).find((found) => found !== undefined);
  // a copy: the answer may be streaming long after the body was let go
  const original = decisive && body.slice(decisive.field.start, decisive.field.end);
  return {
    name: decisive?.name ?? "",
    quotedName: original ?? encoder.encode('""'),
    address: (model) => addressed(body, fields, encoder.encode(JSON.stringify(model))),
  };
}

/** Opens a multipart form, in which the field `model` holds the name. */
export function openForm(body: Uint8Array, boundary: string): Envelope | Malformed {
  const spans = findFormFields(body, boundary, "model");
  if (spans === undefined) return { malformed: "multipart: NextPart: EOF" };
  const names = spans.map(({ start, end }) => decoder.decode(body.subarray(start, end)));
  const name = names.findLast((text) => text !== "") ?? "";
  return {
    name,
    quotedName: encoder.encode(JSON.stringify(name)),
    address: (model) => addressed(body, spans, encoder.encode(model)),
  };
}

/** The body itself where it says already what it should: most clients ask for a model by its own name. */
function addressed(body: Uint8Array, spans: readonly Span[], name: Uint8Array): Uint8Array {
  const same = spans.every(({ start, end }) => Buffer.compare(body.subarray(start, end), name) === 0);
  return same ? body : splice(body, spans, name);
}
