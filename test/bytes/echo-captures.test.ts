/** Answers of real engines get the name in each record, wherever the network cuts them. */

import { describe, expect, test } from "bun:test";

import { Echo, type Framing, framingOf } from "../../src/bytes/echo.ts";
import { type Capture, captures } from "../support/captures.ts";
import { FIELDS } from "../support/echoed.ts";
import { headerOf } from "../support/response.ts";

/** Not a name that any engine gave. */
const ALIAS = '"the-name-that-was-asked"';

/** Those whose bodies are there as they came, with nothing left out. */
const answers = [...captures().values()]
  .filter(({ whole, body }) => whole && body.length > 0)
  .map((answer) => ({ answer, framing: framingOf(headerOf(answer, "content-type")) }))
  .filter((one): one is { answer: Capture; framing: Framing } => one.framing !== undefined);

const streams = answers.filter(({ framing }) => framing !== "json");
const whole = answers.filter(({ framing }) => framing === "json");

describe("a stream, cut anywhere", () => {
  test.each(streams.map((one) => [one.answer.name, one] as const))("%s", (_, { answer, framing }) => {
    expectSameWhereverCut(answer.body, framing);
  });
});

describe("an answer in one piece, cut anywhere", () => {
  test.each(whole.map((one) => [one.answer.name, one] as const))("%s", (_, { answer, framing }) => {
    expectSameWhereverCut(answer.body, framing);
  });
});

test("there are recordings of every kind, and most of them name a model", () => {
  const renamed = (some: typeof answers): number =>
    some.filter(({ answer, framing }) => expected(answer.body, framing).includes(ALIAS)).length;
  expect(renamed(streams.filter(({ framing }) => framing === "lines"))).toBeGreaterThan(10);
  expect(renamed(streams.filter(({ framing }) => framing === "events"))).toBeGreaterThan(20);
  expect(renamed(whole)).toBeGreaterThan(50);
});

function expectSameWhereverCut(body: Buffer, framing: Framing): void {
  const result = Buffer.from(expected(body, framing));
  expect(through(framing, [body]).toString()).toBe(result.toString());
  for (let cut = 1; cut < body.length; cut++) {
    const inTwo = through(framing, [body.subarray(0, cut), body.subarray(cut)]);
    if (!inTwo.equals(result)) expect([cut, inTwo.toString()]).toEqual([cut, result.toString()]);
  }
  const bytes = Array.from(body, (_, at) => body.subarray(at, at + 1));
  expect(through(framing, bytes).toString()).toBe(result.toString());
}

function through(framing: Framing, chunks: readonly Uint8Array[]): Buffer {
  const echo = new Echo(framing, FIELDS, Buffer.from(ALIAS));
  return Buffer.concat(chunks.map((chunk) => echo.through(chunk)));
}

/** What the answer should be, made from its records as JSON.parse reads them. */
function expected(body: Buffer, framing: Framing): string {
  const text = body.toString();
  if (framing === "json") return renamed(text);
  return text
    .split("\n")
    .map((line) => {
      const start = framing === "lines" ? 0 : line.startsWith("data:") ? "data:".length : line.length;
      return line.slice(0, start) + renamed(line.slice(start));
    })
    .join("\n");
}

/** The record in which only that string is another without which it would not read as it should. */
function renamed(record: string): string {
  const wanted = parsed(record);
  const owner = [wanted, wanted?.["message"], wanted?.["response"]].filter(isObject).find(hasName);
  if (owner === undefined) return record;
  owner["model"] = JSON.parse(ALIAS);
  for (const match of record.matchAll(/"model":\s*("(?:[^"\\]|\\.)*")/g)) {
    const end = match.index + match[0].length;
    const candidate = record.slice(0, end - (match[1]?.length ?? 0)) + ALIAS + record.slice(end);
    if (Bun.deepEquals(parsed(candidate), wanted)) return candidate;
  }
  throw new Error(`The name cannot be put into ${record}`);
}

function parsed(record: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(record);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function hasName(value: Record<string, unknown>): boolean {
  return typeof value["model"] === "string";
}
