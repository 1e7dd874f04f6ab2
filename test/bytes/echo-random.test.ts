/** Whatever an answer says and wherever it is cut, the name is put into its one place and nothing else changes. */

import { expect, test } from "bun:test";

import { Echo, type Framing } from "../../src/bytes/echo.ts";
import { FIELDS } from "../support/echoed.ts";
import { ANY_LINES, fill, HOLE, ONE_LINE, type Parts, randomObject } from "../support/random-json.ts";
import { forSeeds, type Random } from "../support/random.ts";

const NAMES = ['"tiny"', '""', '"a\\"b\\\\"', '"模型🦙"', '"model"'] as const;

/** A record that names its model at one of the places where an answer may, or at none. */
function randomRecord(random: Random, style = ONE_LINE): Parts {
  const named: Parts = ['"model"', random.pick(style.blanks), ":", random.pick(style.blanks), HOLE];
  const place = random.pick(["top", "message", "response", "none"]);
  if (place === "top") return randomObject(random, style, [named, ['"message":{"content":"x"}']]);
  if (place === "none") return randomObject(random, style, [['"model":', random.pick(["null", "7", "{}"])]]);
  return randomObject(random, style, [[`"${place}":`, ...randomObject(random, style, [named])]]);
}

function randomAnswer(random: Random, framing: Framing): Parts {
  if (framing === "json") return randomRecord(random, ANY_LINES);
  const end = random.pick(["\n", "\r\n"]);
  const records = random.list(random.below(5), (): Parts => {
    const record = randomRecord(random);
    if (framing === "lines") return [...record, end];
    const before = random.pick(["", `: ping "model":"x"${end}`, `event: "model"${end}`, `: a${end}${end}`]);
    return [before, random.pick(["data: ", "data:"]), ...record, end, end];
  });
  return records.flat();
}

/** The same bytes in pieces, some of them empty. */
function randomPieces(bytes: Buffer, random: Random): Buffer[] {
  const cuts = random.list(random.below(8), () => random.below(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((cut, index) => bytes.subarray(cut, cuts[index]));
}

test.each<[string, Framing]>([
  ["one JSON text", "json"],
  ["lines", "lines"],
  ["events", "events"],
])("an answer of %s", (_, framing) => {
  forSeeds(1000, (random) => {
    const answer = randomAnswer(random, framing);
    const [given, asked] = [random.pick(NAMES), random.pick(NAMES)];
    const echo = new Echo(framing, FIELDS, Buffer.from(asked));
    const pieces = randomPieces(Buffer.from(fill(answer, given)), random);
    const result = Buffer.concat(pieces.map((piece) => echo.through(piece)));
    expect(result.toString()).toBe(fill(answer, asked));
  });
});

test("an answer that is damaged keeps every line that says nothing of a model", () => {
  forSeeds(1000, (random) => {
    const framing = random.pick<Framing>(["lines", "events"]);
    const bytes = Buffer.from(fill(randomAnswer(random, framing), '"tiny"'));
    for (let turn = 0; turn < 3 && bytes.length > 0; turn++)
      bytes[random.below(bytes.length)] = random.pick(['"', "\\", "{", "}", "\n", ":", "\xff"]).charCodeAt(0);
    const echo = new Echo(framing, FIELDS, Buffer.from('"ALIAS"'));
    const pieces = randomPieces(bytes, random).map((piece) => echo.through(piece));
    const lines = Buffer.concat(pieces).toString("latin1").split("\n");
    const before = bytes.toString("latin1").split("\n");
    expect(lines.length).toBe(before.length);
    before.forEach((line, index) => {
      if (!line.includes('"model"')) expect(lines[index]).toBe(line);
    });
  });
});

test("nothing of an answer is held back or kept", () => {
  const [size, count] = [64 * 1024, 3200];
  const echo = new Echo("events", FIELDS, Buffer.from('"ALIAS"'));
  const start = Buffer.from('data: {"content":"');
  const heldBefore = heldBytes();
  let passed = echo.through(start).length;
  for (let index = 0; index < count; index++) passed += echo.through(new Uint8Array(size).fill(120)).length;
  expect(passed).toBe(start.length + size * count);
  expect(heldBytes() - heldBefore).toBeLessThan(20 * 1024 * 1024);
  expect(Buffer.from(echo.through(Buffer.from('","model":"tiny"}'))).toString()).toBe('","model":"ALIAS"}');
});

function heldBytes(): number {
  Bun.gc(true);
  return process.memoryUsage().heapUsed;
}
