/** Messages that conversations are made of, and what a body begins its conversation with. */

import { openingOf } from "../../src/bytes/conversation.ts";
import { INFERENCE } from "../../src/dialects/endpoints.ts";

export const SYSTEM = { role: "system", content: "You are a pirate." };
export const HELLO = { role: "user", content: "Hello" };
export const LATER = [
  { role: "assistant", content: "Ahoy" },
  { role: "user", content: "Where is the gold?" },
];

/** A part of a message, or a block of a system text. */
export function text(words: string, more: object = {}): object {
  return { type: "text", text: words, ...more };
}

export function chat(...messages: readonly object[]): object {
  return { model: "m", messages };
}

/** A call of the Responses API. */
export function input(...items: readonly object[]): object {
  return { model: "m", instructions: "Be brief.", input: items };
}

/** Undefined where the path carries no conversations, or the body none. */
export function openingIn(path: string, body: string | Uint8Array): string | undefined {
  const endpoint = INFERENCE.find((one) => one.path === path);
  if (endpoint === undefined) throw new Error(`No such path: ${path}`);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return endpoint.conversation && openingOf(bytes, endpoint.conversation);
}

/** The same as a number, for conversations that begin with whole books. */
export function numberIn(path: string, body: object): bigint {
  const opening = openingIn(path, JSON.stringify(body));
  if (opening === undefined) throw new Error("No conversation");
  return Bun.hash.wyhash(opening);
}
