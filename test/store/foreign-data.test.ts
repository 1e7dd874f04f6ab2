/** What others keep in the file is there after each change as it was before, to the last digit. */

import { expect, test } from "bun:test";

import { canonical, exactly } from "../support/exact-json.ts";
import { changed, foreignTop, rawEntries } from "../support/store-text.ts";

const VALUES = [
  "18446744073709551615",
  "-9223372036854775808",
  "9007199254740993",
  "1.0",
  "0.10",
  "1e400",
  "1E+05",
  "-0",
  "-0.0",
  "123456789012345678901234567890.12345678901234567890",
  "true",
  "null",
  '""',
  '"\\ud800"',
  '"\\udc00\\ud800 \\u0000\\u001f"',
  '"\\u0041 \\/ \\" \\\\ \u2028 \u007f 🦙"',
  "[]",
  "{}",
  "[1.0,[2.00,{}],[[]]]",
  '{"2":1.0,"1":[2.50],"":"","length":3}',
  '{"__proto__":{"alias":"evil"},"constructor":{"prototype":1.0},"toString":null}',
  '{"rawJSON":"1","toJSON":"x"}',
  `${"[".repeat(500)}1.0${"]".repeat(500)}`,
  `${'{"x":'.repeat(500)}1.0${"}".repeat(500)}`,
] as const;

const KEYS = [
  "disable_ollama_cloud",
  "2",
  "1",
  "",
  "__proto__",
  "constructor",
  "Version",
  "ALIASES",
  "\u{1f999}",
];

const SET = { set: { alias: "new", target: "m" } } as const;
const AGAIN = { set: { alias: "old", target: "other" } } as const;
const REMOVE = { remove: { alias: "gone", target: "m" } } as const;

test("the reader of these tests tells numbers, texts and keys apart that differ in their last digit", () => {
  expect(canonical(exactly("1.0"))).not.toBe(canonical(exactly("1.00")));
  expect(canonical(exactly('{"b":[-0],"a":"\\u0041"}'))).toBe('{"a":"A","b":[-0]}');
  expect(canonical(exactly('{"__proto__":1,"a":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  for (const text of ["", "{", "[1,]", '{"a"}', "01", "1 2", '"\\x"', "\ufeff{}"])
    expect(() => exactly(text)).toThrow(SyntaxError);
});

/** Long ones are cut in the names of tests. */
const NAMED = VALUES.map((value) => [value.slice(0, 60), value] as const);

test.each(NAMED)("beside the aliases: %s", (_, value) => {
  const keys = KEYS.map((key) => `${JSON.stringify(key)}:${value}`).join(",");
  const text = `{${keys},"aliases":[{"alias":"old","target":"m"},{"alias":"gone","target":"m"}]}`;
  const foreign = foreignTop(text);
  for (const change of [SET, AGAIN, REMOVE]) expect(foreignTop(changed(text, change))).toBe(foreign);
});

test.each(NAMED)("in an entry: %s", (_, value) => {
  const keys = KEYS.map((key) => `${JSON.stringify(key)}:${value}`).join(",");
  const text = `{"aliases":[{${keys},"alias":"old","target":"m","listed":false},{"alias":"gone","target":"m"}]}`;
  const [before = ""] = rawEntries(text, ["alias", "target", "listed"]);
  for (const change of [SET, REMOVE]) expect(rawEntries(changed(text, change))[0]).toBe(rawEntries(text)[0]);
  // an entry that is made anew loses what was ours in it, and nothing else
  expect(rawEntries(changed(text, AGAIN), ["alias", "target"])[0]).toBe(before);
  expect(JSON.parse(changed(text, AGAIN))).toMatchObject({
    aliases: [{ alias: "old", target: "other" }, {}],
  });
});

test.each(NAMED)("in the place of an entry: %s", (_, value) => {
  const text = `{"aliases":[${value},{"alias":"gone","target":"m"},${value}]}`;
  const same = canonical(exactly(value));
  expect(rawEntries(changed(text, SET))).toEqual([same, expect.any(String), same, expect.any(String)]);
  expect(rawEntries(changed(text, REMOVE))).toEqual([same, same]);
});

test("of equal keys the last is kept, as everybody reads them", () => {
  const text =
    '{"a":1.0,"a":[2.0],"b":{"c":1.0,"c":2.00},"b":{"c":3.000,"c":4.0},"aliases":[1],"aliases":[]}';
  expect(foreignTop(changed(text, SET))).toBe('{"a":[2.0],"b":{"c":4.0}}');
  expect(rawEntries(changed(text, SET))).toHaveLength(1);
});

test("no key of the file becomes a part of every object", () => {
  changed('{"__proto__":{"polluted":1},"aliases":[{"alias":"old","__proto__":{"polluted":1}}]}', AGAIN);
  expect({}).not.toHaveProperty("polluted");
});
