/** Reads how a conversation begins: all its turns carry the same system text and first user message. */

import * as v from "valibot";

import { type Field, findFields } from "./fields.ts";
import { COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipBlanks, skipNested, skipString } from "./json-scan.ts";
import type { Span } from "./splice.ts";

/** Of what is longer (with an image in it, say) the beginning and the length have to do. */
const MAX_READ_BYTES = 64 * 1024;

/** The user speaks sooner than that. */
const MAX_MESSAGES = 16;

/** What is between texts, so that two that are parted elsewhere are not the same. */
const BREAK = "\u0000";

/**
 * The text that a conversation begins with; undefined where the body holds none. `keys` are the top-level fields that
 * it stands in, the last of them the one that cannot be missing.
 */
export function openingOf(body: Uint8Array, keys: readonly string[]): string | undefined {
  const fields = findFields(body, keys);
  if (!Array.isArray(fields) || !fields.some(({ key }) => key === keys.at(-1))) return undefined;
  return fields.map((field) => field.key + BREAK + textOf(body, field)).join(BREAK);
}

function textOf(body: Uint8Array, field: Field): string {
  return field.type === "array" ? openingMessages(body, field) : decode(body, field);
}

/** The texts of a list up to the first message of the user. */
function openingMessages(body: Uint8Array, { start }: Field): string {
  const texts: string[] = [];
  let at = skipBlanks(body, start + 1);
  while (texts.length < MAX_MESSAGES) {
    const end = endOf(body, at);
    if (end === -1) break;
    const { text, role } = readMessage(decode(body, { start: at, end }));
    texts.push(text);
    if (role === "user") break;
    at = skipBlanks(body, end);
    if (body[at] !== COMMA) break;
    at = skipBlanks(body, at + 1);
  }
  return texts.join(BREAK);
}

/** One past a message or a string; -1 for anything else. */
function endOf(body: Uint8Array, at: number): number {
  if (body[at] === QUOTE) return skipString(body, at);
  return body[at] === OPEN_BRACE || body[at] === OPEN_BRACKET ? skipNested(body, at) : -1;
}

const Part = v.union([
  v.pipe(
    v.object({ text: v.string() }),
    v.transform(({ text }) => text),
  ),
  v.string(),
]);

/** A message of a chat, or a block of a system text; what else its client keeps in it may change from turn to turn. */
const Message = v.object({
  role: v.optional(v.string()),
  content: v.optional(v.union([v.string(), v.array(v.fallback(Part, ""))])),
  text: v.optional(v.string()),
});

function readMessage(json: string): { readonly text: string; readonly role: string | undefined } {
  const read = v.safeParse(Message, parse(json));
  // a bare text is the user's; what cannot be read is told apart as it stands
  if (!read.success) return { text: json, role: "user" };
  const { role, content, text = "" } = read.output;
  return { role, text: [role, content ?? text].flat().join(BREAK) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder();

function decode(body: Uint8Array, { start, end }: Span): string {
  const length = end - start;
  const text = decoder.decode(body.subarray(start, Math.min(end, start + MAX_READ_BYTES)));
  return length > MAX_READ_BYTES ? `${length} ${text}` : text;
}
