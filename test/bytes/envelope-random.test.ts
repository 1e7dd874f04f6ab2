/** Whatever a body looks like, addressing it changes the name and nothing else, and a broken one does no harm. */

import { expect, test } from "bun:test";

import { openForm, openJson } from "../../src/bytes/envelope.ts";
import { findFields } from "../../src/bytes/fields.ts";
import { ANY_LINES, fill, HOLE, type Parts, randomObject } from "../support/random-json.ts";
import { forSeeds, type Random } from "../support/random.ts";

const MODEL_KEYS = ['"model"', '"MODEL"', '"mod\\u0065l"', '"name"', '"NAME"'] as const;
const NAMES = ["m", "org/model:8b", 'a "quoted" one\\', "模型🦙", "line\nbreak"] as const;

function randomBody(random: Random): Parts {
  const entries = random.list(1 + random.below(3), (): Parts => [
    random.pick(MODEL_KEYS),
    random.pick(ANY_LINES.blanks),
    ":",
    random.pick(ANY_LINES.blanks),
    HOLE,
  ]);
  return [
    random.pick(ANY_LINES.blanks),
    ...randomObject(random, ANY_LINES, entries),
    random.pick(["", "\n", " x"]),
  ];
}

test("an addressed body has the new name in each place of the old one, and all else byte for byte", () => {
  forSeeds(1000, (random) => {
    const parts = randomBody(random);
    const [asked, sent] = [random.pick(NAMES), random.pick(NAMES)];
    const envelope = openJson(Buffer.from(fill(parts, JSON.stringify(asked))), ["model", "name"]);
    if (!("address" in envelope)) throw new Error(JSON.stringify(envelope));
    expect(envelope.name).toBe(asked);
    expect(Buffer.from(envelope.address(sent)).toString()).toBe(fill(parts, JSON.stringify(sent)));
  });
});

test("it parses to the same value but for the name", () => {
  forSeeds(500, (random) => {
    const value = { x: [1, "model", { model: "deep" }], y: "né🦙", [random.pick(["a", "b"])]: null };
    const spread = random.chance(0.5) ? { model: "old", ...value } : { ...value, model: "old" };
    const text = JSON.stringify(spread, null, random.below(3));
    const envelope = openJson(Buffer.from(text), ["model"]);
    if (!("address" in envelope)) throw new Error(JSON.stringify(envelope));
    expect(JSON.parse(Buffer.from(envelope.address("new")).toString())).toEqual({ ...spread, model: "new" });
  });
});

test("any damage to a body is either told or leaves a body whose bytes pass", () => {
  const seen = { told: 0, passed: 0 };
  forSeeds(3000, (random) => {
    const whole = Buffer.from(fill(randomBody(random), '"tiny"'));
    const body = damaged(whole, random);
    const before = Buffer.from(body);
    const envelope = openJson(body, ["model", "name"]);
    if (!("address" in envelope)) {
      seen.told++;
      expect(Object.keys(envelope).join()).toMatch(/^(malformed|wrongType|notAString,key)$/);
      return;
    }
    seen.passed++;
    const found = findFields(before, ["model", "name"]);
    if (!Array.isArray(found)) throw new Error("A body was opened whose fields cannot be found");
    const fields = found.filter(({ type }) => type === "string" || type === "null");
    const kept = fields.map(({ end }, index) => before.subarray(end, fields[index + 1]?.start));
    const pieces = kept.flatMap((piece) => [Buffer.from('"m"'), piece]);
    const expected = Buffer.concat([before.subarray(0, fields[0]?.start), ...pieces]);
    expect(Buffer.from(envelope.address("m"))).toEqual(expected);
  });
  if (process.env["SEED"] === undefined) expect(Math.min(seen.told, seen.passed)).toBeGreaterThan(300);
});

test("any bytes at all do no harm", () => {
  forSeeds(2000, (random) => {
    const bytes = Uint8Array.from({ length: random.below(60) }, () => random.pick(TOKENS).charCodeAt(0));
    const opened = openJson(bytes, ["model"]);
    if ("address" in opened) opened.address("m");
    const form = openForm(bytes, "b");
    if ("address" in form) form.address("m");
    expect(openJson(random.bytes(random.below(20)), ["model"])).toBeObject();
  });
});

const TOKENS = [...'{}[]":,\\ \n\r-bmodel01tf'] as [string, ...string[]];

/** Cuts the end off, or loses, doubles or changes a byte. */
function damaged(whole: Buffer, random: Random): Buffer {
  const at = random.below(whole.length);
  const [head, tail] = [whole.subarray(0, at), whole.subarray(at + 1)];
  const byte = random.chance(0.5) ? Buffer.from(random.pick(TOKENS)) : random.bytes(1);
  return random.pick([
    Buffer.from(head),
    Buffer.concat([head, tail]),
    Buffer.concat([head, byte, tail]),
    Buffer.concat([head, byte, whole.subarray(at)]),
  ]);
}
