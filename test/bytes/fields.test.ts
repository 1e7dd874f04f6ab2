/** The fields of a body are found as Go's decoder finds them. */

import { expect, test } from "bun:test";

import { findFields, readString } from "../../src/bytes/fields.ts";
import { ANY_LINES, fill, HOLE, randomObject } from "../support/random-json.ts";
import { forSeeds } from "../support/random.ts";

/** The values of the fields as they stand in the body. */
function values(body: string, ...wanted: string[]): unknown {
  const bytes = Buffer.from(body);
  const fields = findFields(bytes, wanted.length === 0 ? ["model"] : wanted);
  if (!Array.isArray(fields)) return fields;
  return fields.map(({ key, start, end, type }) => [key, bytes.toString("utf8", start, end), type]);
}

test.each<[sentence: string, body: string, found: [string, string, string][]]>([
  ["an empty object has none", "{}", []],
  ["nor has null", "null", []],
  ["a field comes with its value's bytes", '{"model":"tiny"}', [["model", '"tiny"', "string"]]],
  ["blanks are no part of it", ' {\r\n"model"\t: "tiny"\n, "x":1}', [["model", '"tiny"', "string"]]],
  ["what follows the object is ignored", '{"model":"a"}{"model":"b"} x', [["model", '"a"', "string"]]],
  [
    "duplicates come in order",
    '{"model":"a","x":1,"model":"b"}',
    [
      ["model", '"a"', "string"],
      ["model", '"b"', "string"],
    ],
  ],
  [
    "letter case does not matter",
    '{"MODEL":"a","Model":"b","mOdEl":"c"}',
    [
      ["model", '"a"', "string"],
      ["model", '"b"', "string"],
      ["model", '"c"', "string"],
    ],
  ],
  [
    "a key may be written in escapes",
    '{"mod\\u0065l":"a","\\u004DODEL":"b"}',
    [
      ["model", '"a"', "string"],
      ["model", '"b"', "string"],
    ],
  ],
  ["every letter of it", '{"\\u006d\\u006f\\u0064\\u0065\\u006c":"a"}', [["model", '"a"', "string"]]],
  ["a string keeps its escapes", '{"model":"a\\"\\u0041\\\\"}', [["model", '"a\\"\\u0041\\\\"', "string"]]],
  ["numbers", '{"model":18446744073709551615}', [["model", "18446744073709551615", "number"]]],
  ["booleans", '{"model":false}', [["model", "false", "bool"]]],
  ["null", '{"model":null}', [["model", "null", "null"]]],
  ["objects", '{"model":{"model":"}"} }', [["model", '{"model":"}"}', "object"]]],
  ["arrays", '{"model":["]",[1]]}', [["model", '["]",[1]]', "array"]]],
])("%s: %j", (_, body, found) => {
  expect(values(body)).toEqual(found);
});

test.each([
  '{"x":{"model":"tiny"}}',
  '{"x":[{"model":"tiny"}]}',
  '{"x":"\\"model\\":\\"tiny\\""}',
  '{"models":"tiny","mode":"tiny","model ":"tiny"," model":"tiny","":"tiny"}',
  '{"mod\\\\u0065l":"tiny"}',
  '{"m\u0430del":"tiny"}',
  '{"modèl":"tiny","\uff4dodel":"tiny"}',
  `{"${"\\u006d".repeat(40)}":"tiny"}`,
])("%j has no field of that name", (body) => {
  expect(values(body)).toEqual([]);
});

test("several fields are told apart", () => {
  expect(values('{"name":"b","Model":"a","x":0,"NAME":""}', "model", "name")).toEqual([
    ["name", '"b"', "string"],
    ["model", '"a"', "string"],
    ["name", '""', "string"],
  ]);
});

test("a long s is an s, as Go folds letters", () => {
  expect(values('{"\u017fource":"a","\\u017fource":"b"}', "source")).toEqual([
    ["source", '"a"', "string"],
    ["source", '"b"', "string"],
  ]);
});

test.each([
  ['"tiny"', "tiny"],
  ['"a\\u0041\\n\\ud83e\\udd99"', "aA\n🦙"],
  ['""', ""],
  ['"a\nb"', undefined],
  ['"\\x"', undefined],
  ["7", undefined],
])("the string %j reads %j", (text, expected) => {
  const bytes = Buffer.from(`[${text}]`);
  expect(readString(bytes, 1, bytes.length - 1)).toBe(expected);
});

test("in any object the fields are where they are", () => {
  forSeeds(500, (random) => {
    const keys = random.list(random.below(4), () => random.pick(['"model"', '"MODEL"', '"mod\\u0065l"']));
    const parts = randomObject(
      random,
      ANY_LINES,
      keys.map((key) => [key, ":", HOLE]),
    );
    const found = keys.map(() => ["model", '"ti\\"ny"', "string"]);
    expect(values(`${random.pick(["", " "])}${fill(parts, '"ti\\"ny"')}`)).toEqual(found);
  });
});
