/** Sends an answer through the echo in pieces, and gives back what a client has of it. */

import { expect } from "bun:test";

import { Echo, type Framing } from "../../src/bytes/echo.ts";
import type { NameField } from "../../src/bytes/key-reader.ts";

/** All the places where an answer of any dialect names its model. */
export const FIELDS: readonly NameField[] = [
  { key: "model" },
  { parent: "message", key: "model" },
  { parent: "response", key: "model" },
];

/** The answer as the client has it, when it comes in these pieces. */
export function echoed(framing: Framing, pieces: readonly string[], name = '"ALIAS"'): string {
  const echo = new Echo(framing, FIELDS, Buffer.from(name));
  const chunks = pieces.map((piece) => echo.through(Buffer.from(piece, "latin1")));
  return Buffer.concat(chunks).toString("latin1");
}

/** The same, whole and byte by byte, which must not differ. */
export function echoedEitherWay(framing: Framing, text: string): string {
  const whole = echoed(framing, [text]);
  expect(echoed(framing, [...text])).toBe(whole);
  return whole;
}
