/** An answer's lines come one by one, wherever it was cut into pieces. */

import { expect, test } from "bun:test";

import { linesOf } from "../../src/cli/lines.ts";
import { failureOf } from "../support/failure.ts";

async function linesIn(response: Response): Promise<string[]> {
  return Array.fromAsync(linesOf(response));
}

async function* bytewise(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of new TextEncoder().encode(text)) yield Uint8Array.of(byte);
}

test.each<[string, string[]]>([
  ["", []],
  ["\n", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\n\n \nb\n", ["a", "b"]],
  ["a\r\nb\r\n", ["a\r", "b\r"]],
  ["世界\n\u{1f600}", ["世界", "\u{1f600}"]],
])("%j", async (text, lines) => {
  expect(await linesIn(new Response(text))).toEqual(lines);
  expect(await linesIn(new Response(bytewise(text)))).toEqual(lines);
});

test("those that came whole before it broke are there, and that it broke is seen", async () => {
  const { promise: gotBoth, resolve } = Promise.withResolvers<void>();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("a\nb\nc");
    await gotBoth;
    throw new Error("broken");
  }
  const seen: string[] = [];
  const reading = (async () => {
    for await (const line of linesOf(new Response(broken()))) if (seen.push(line) === 2) resolve();
  })();
  expect(await failureOf(reading)).toMatchObject({ message: "broken" });
  expect(seen).toEqual(["a", "b"]);
});

test("a line is there before the next one comes", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode("first\nsec");
    await promise;
    yield new TextEncoder().encode("ond\n");
  }
  const lines = linesOf(new Response(slow()));
  expect((await lines.next()).value).toBe("first");
  resolve();
  expect((await lines.next()).value).toBe("second");
  expect((await lines.next()).done).toBe(true);
});
