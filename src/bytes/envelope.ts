/** A request body whose model name can be read and replaced without touching any other byte. */

import { type Field, findFields, readString, type WrongType } from "./fields.ts";
import { findFormFields } from "./form.ts";
import { badString, type Malformed } from "./malformed.ts";
import { type Edit, type Span, splice } from "./splice.ts";
import { copyInto } from "./view.ts";

export class Envelope {
  /** The name as the client sent it; "" where there is none. */
  readonly name: string;
  private readonly body: Uint8Array;
  private readonly spans: readonly Span[];
  /** How a name stands in the body. */
  private readonly written: (model: string) => string;
  /** Where the name stands as a JSON string; undefined where it stands otherwise. */
  private readonly quoted: Span | undefined;

  constructor(
    name: string,
    body: Uint8Array,
    spans: readonly Span[],
    written: (model: string) => string,
    quoted?: Span,
  ) {
    this.name = name;
    this.body = body;
    this.spans = spans;
    this.written = written;
    this.quoted = quoted;
  }

  /** The name as a JSON string, letter for letter as it came: a copy, for the answer may outlive the body by hours. */
  get quotedName(): Uint8Array {
    if (this.quoted === undefined) return encoder.encode(JSON.stringify(this.name));
    const { start, end } = this.quoted;
    const quoted = new Uint8Array(Math.min(end - start, ENOUGH_BYTES));
    copyInto(quoted, 0, this.body, start, start + quoted.length);
    return quoted;
  }

  /** What puts `model` wherever the name stands; nothing where it is there already, as most clients write it. */
  edits(model: string): Edit[] {
    const bytes = encoder.encode(this.written(model));
    const edits: Edit[] = [];
    for (const { start, end } of this.spans)
      if (!isThere(bytes, this.body, start, end)) edits.push({ start, end, bytes });
    return edits;
  }

  /** The body with `model` wherever the name stood. */
  address(model: string): Uint8Array {
    return splice(this.body, this.edits(model));
  }
}

function isThere(bytes: Uint8Array, body: Uint8Array, start: number, end: number): boolean {
  if (end - start !== bytes.length) return false;
  for (let at = 0; at < bytes.length; at++) if (body[start + at] !== bytes[at]) return false;
  return true;
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
  const found = findFields(body, keys);
  if (!Array.isArray(found)) return found;
  const [only] = found;
  if (found.length !== 1 || only?.type !== "string") return openSeveral(body, keys, found);
  const name = readName(body, only);
  if (name === undefined) return badString(body, only.start, only.end);
  return new Envelope(name, body, found, JSON.stringify, only);
}

/** Opens a body in which the name stands more than once, not at all, or as something else than a string. */
function openSeveral(
  body: Uint8Array,
  keys: readonly string[],
  found: readonly Field[],
): Envelope | Malformed | NotAString {
  const texts = found.map((field) => (field.type === "string" ? readName(body, field) : ""));
  const broken = found[texts.indexOf(undefined)];
  if (broken !== undefined) return badString(body, broken.start, broken.end);

  // an older key that holds something else is some other field, as long as the newer one holds a name
  const fields = found.filter((field) => !isNoName(field) || field.key === keys[0]);
  const decisive = keys
    .map((key) => found.findLast((field, index) => field.key === key && texts[index] !== ""))
    .find((field) => field !== undefined);
  const wrong = fields.find(isNoName) ?? (decisive === undefined ? found.find(isNoName) : undefined);
  if (wrong !== undefined) return { notAString: wrong.type, key: wrong.key };
  const name = (decisive && texts[found.indexOf(decisive)]) ?? "";
  return new Envelope(name, body, fields, JSON.stringify, decisive);
}

/** What is longer is no name of any model, even if every character in it is escaped. */
const ENOUGH_BYTES = 64 * 1024;

/** The bytes of a span, or of one that is endless just enough to see that. */
function startOf(body: Uint8Array, { start, end }: Span): Uint8Array {
  return body.subarray(start, Math.min(end, start + ENOUGH_BYTES));
}

/** Undefined for a string that JSON does not allow. */
function readName(body: Uint8Array, field: Field): string | undefined {
  const isEndless = field.end - field.start > ENOUGH_BYTES;
  return isEndless ? decoder.decode(startOf(body, field)) : readString(body, field.start, field.end);
}

function isNoName({ type }: Field): boolean {
  return type !== "string" && type !== "null";
}

/** Opens a multipart form, in which the field `model` holds the name. */
export function openForm(body: Uint8Array, boundary: string): Envelope | Malformed {
  const spans = findFormFields(body, boundary, "model");
  if (spans === undefined) return { malformed: "multipart: NextPart: EOF" };
  const names = spans.map((span) => decoder.decode(startOf(body, span)));
  const name = names.findLast((text) => text !== "") ?? "";
  return new Envelope(name, body, spans, (model) => model);
}
