/** Reads how a conversation begins: all its turns carry the same system text and first user message. */

import { type Field, findFields } from "./fields.ts";
import { COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipBlanks, skipNested, skipString } from "./json-scan.ts";
import type { Span } from "./splice.ts";
import { textAt } from "./view.ts";

/** Of longer texts the beginning and the length have to do. */
const MAX_TEXT_BYTES = 16 * 1024;

/** The user speaks sooner than that, and in fewer parts. */
const MAX_ITEMS = 16;

/** What is between texts, so that two that are parted elsewhere are not the same. */
const BREAK = "\u0000";

/**
 * The text that a conversation begins with; undefined where the body holds none. `keys` are the top-level fields that
 * it stands in, the last of them the one that cannot be missing. Nothing is parsed: texts are compared as they are sent.
 */
export function openingOf(body: Uint8Array, keys: readonly string[]): string | undefined {
  const fields = findFields(body, keys);
  if (!Array.isArray(fields) || !fields.some(({ key }) => key === keys.at(-1))) return undefined;
  const parts = keys.map((wanted) => {
    const field = fields.findLast(({ key }) => key === wanted);
    return field === undefined ? "" : openingIn(body, field);
  });
  return parts.join(BREAK);
}

/** The texts of a value: a text, or a list of messages up to the first one of the user. */
function openingIn(body: Uint8Array, span: Span): string {
  const texts: string[] = [];
  for (const item of itemsOf(body, span)) {
    const { role, content } = messageAt(body, item);
    texts.push(role, content);
    if (role === USER) break;
  }
  return texts.join(BREAK);
}

const USER = '"user"';

/** The items of a list; any other value is the only one of its own. */
function itemsOf(body: Uint8Array, { start, end }: Span): Span[] {
  if (body[start] !== OPEN_BRACKET) return [{ start, end }];
  const items: Span[] = [];
  let at = skipBlanks(body, start + 1);
  while (items.length < MAX_ITEMS) {
    const itemEnd = endOf(body, at);
    if (itemEnd === -1 || itemEnd > end) break;
    items.push({ start: at, end: itemEnd });
    at = skipBlanks(body, itemEnd);
    if (body[at] !== COMMA) break;
    at = skipBlanks(body, at + 1);
  }
  return items;
}

/** One past a text, an object or a list; -1 for anything else. */
function endOf(body: Uint8Array, at: number): number {
  if (body[at] === QUOTE) return skipString(body, at);
  return body[at] === OPEN_BRACE || body[at] === OPEN_BRACKET ? skipNested(body, at) : -1;
}

/** A bare text is the user's; a block of a system text has no role. Whatever else a client keeps in it may change. */
function messageAt(body: Uint8Array, span: Span): { readonly role: string; readonly content: string } {
  if (body[span.start] !== OPEN_BRACE) return { role: USER, content: excerpt(body, span) };
  const { role, content, text } = fieldsAt(body, span, ["role", "content", "text"]);
  const value = content ?? text;
  const parts = value === undefined ? [] : itemsOf(body, value);
  return {
    role: role === undefined ? "" : excerpt(body, role),
    content: parts.map((part) => textIn(body, part)).join(BREAK),
  };
}

/** A text, or the text of a part; "" of an image. */
function textIn(body: Uint8Array, span: Span): string {
  if (body[span.start] !== OPEN_BRACE) return excerpt(body, span);
  const { text } = fieldsAt(body, span, ["text"]);
  return text === undefined ? "" : excerpt(body, text);
}

function fieldsAt(
  body: Uint8Array,
  { start, end }: Span,
  keys: readonly string[],
): Readonly<Partial<Record<string, Span>>> {
  const fields = findFields(body.subarray(start, end), keys);
  const found: readonly Field[] = Array.isArray(fields) ? fields : [];
  return Object.fromEntries(
    found.map((field) => [field.key, { start: start + field.start, end: start + field.end }]),
  );
}

function excerpt(body: Uint8Array, { start, end }: Span): string {
  const length = end - start;
  const text = textAt(body, start, Math.min(end, start + MAX_TEXT_BYTES));
  return length > MAX_TEXT_BYTES ? `${length} ${text}` : text;
}
