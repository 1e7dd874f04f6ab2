/** Spans of a body are replaced, and all other bytes stay as they came. */

import { expect, test } from "bun:test";

import { type Edit, splice } from "../../src/bytes/splice.ts";
import { forSeeds } from "../support/random.ts";

function spliced(text: string, spans: readonly [number, number][], replacement: string): string {
  const edits = spans.map(([start, end]): Edit => ({ start, end, bytes: Buffer.from(replacement) }));
  return Buffer.from(splice(Buffer.from(text), edits)).toString();
}

test.each<[string, [number, number][], string, string]>([
  ["abcdef", [], "X", "abcdef"],
  ["abcdef", [[2, 4]], "XYZ", "abXYZef"],
  ["abcdef", [[2, 4]], "", "abef"],
  ["abcdef", [[0, 6]], "X", "X"],
  [
    "abcdef",
    [
      [0, 1],
      [5, 6],
    ],
    "XY",
    "XYbcdeXY",
  ],
  [
    "abcdef",
    [
      [1, 2],
      [2, 3],
    ],
    "X",
    "aXXdef",
  ],
  ["abcdef", [[3, 3]], "X", "abcXdef"],
  ["abcdef", [[6, 6]], "X", "abcdefX"],
  ["", [[0, 0]], "X", "X"],
])("%j with %j replaced by %j is %j", (text, spans, replacement, expected) => {
  expect(spliced(text, spans, replacement)).toBe(expected);
});

test("the body itself is not changed", () => {
  const body = Buffer.from("abcdef");
  splice(body, [{ start: 0, end: 3, bytes: Buffer.from("XYZ") }]);
  expect(body.toString()).toBe("abcdef");
});

test("it does what cutting and joining does, for any bytes", () => {
  forSeeds(500, (random) => {
    const body = random.bytes(random.below(50));
    const replacement = random.bytes(random.below(10));
    const cuts = random.list(2 * random.below(4), () => random.below(body.length + 1)).sort((a, b) => a - b);
    const edits: Edit[] = [];
    const expected: Uint8Array[] = [];
    let read = 0;
    for (let at = 0; at + 1 < cuts.length; at += 2) {
      const [start = 0, end = 0] = cuts.slice(at, at + 2);
      edits.push({ start, end, bytes: replacement });
      expected.push(body.subarray(read, start), replacement);
      read = end;
    }
    expected.push(body.subarray(read));
    expect(Buffer.from(splice(body, edits))).toEqual(Buffer.concat(expected));
  });
});
