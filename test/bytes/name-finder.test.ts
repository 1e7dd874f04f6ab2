/** The string of one field is found in JSON that comes in pieces. */

import { expect, test } from "bun:test";

import type { NameField } from "../../src/bytes/key-reader.ts";
import { NameFinder } from "../../src/bytes/name-finder.ts";

const TOP: readonly NameField[] = [{ key: "model" }];
const NESTED: readonly NameField[] = [{ key: "model" }, { parent: "message", key: "model" }];

/** The text inside the name's quotes, as the pieces tell it; undefined if there is none. */
function nameIn(pieces: readonly string[], fields = TOP): string | undefined {
  const finder = new NameFinder(fields);
  let name: string | undefined;
  for (const piece of pieces) {
    const chunk = Buffer.from(piece, "latin1");
    for (let at = 0; at < chunk.length;) {
      const wasInside = finder.inside;
      const stop = finder.read(chunk, at, chunk.length);
      if (wasInside) name = (name ?? "") + chunk.toString("latin1", at, finder.inside ? stop : stop - 1);
      at = stop;
    }
  }
  return name ?? (finder.done ? "" : undefined);
}

const found: [sentence: string, text: string, name: string][] = [
  ["at the top", '{"model":"e"}', "e"],
  ["behind other fields", '{"a":1,"b":"x","model":"e"}', "e"],
  ["among blanks", ' \r\n{ "a" : 1 ,\t"model" :\n"e" }', "e"],
  ["an empty one", '{"model":""}', ""],
  ["with its escapes", '{"model":"a\\"b\\\\"}', 'a\\"b\\\\'],
  ["behind a string that ends in a slash", '{"a":"\\\\","model":"e"}', "e"],
  ["behind a string that looks like it", '{"a":"\\"model\\":\\"x\\"","model":"e"}', "e"],
  ["behind a value that is its key", '{"a":"model","model":"e"}', "e"],
  ["behind keys that begin or end like it", '{"mode":"x","models":"x","amodel":"x","model":"e"}', "e"],
  ["behind a key with an escape", '{"model\\"":"x","\\\\":"x","model":"e"}', "e"],
  ["behind nested fields of its name", '{"a":{"model":"x"},"b":[{"model":"x"}],"model":"e"}', "e"],
  ["behind brackets in strings", '{"a":["}]}",{"b":"{["}],"model":"e"}', "e"],
  ["behind one that is no string", '{"model":null,"model":7,"model":{"a":"x"},"model":"e"}', "e"],
];

test.each(found)("a name is found %s", (_, text, name) => {
  expect(nameIn([text])).toBe(name);
  expect(nameIn([...text])).toBe(name);
});

test.each([
  ["{}"],
  ["null"],
  ['"model"'],
  ['["model","e"]'],
  ['[{"model":"e"}]'],
  ['{"a":{"model":"e"}}'],
  ['{"model":["e"]}'],
  ['{"model":{"model":"e"}}'],
  ['{"Model":"e"}'],
  ['{"message":{"model":"e"}}'],
  ['{"a":"model","b":"e"}'],
])("none is found in %s", (text) => {
  expect(nameIn([text])).toBeUndefined();
  expect(nameIn([...text])).toBeUndefined();
});

test.each([
  ['{"message":{"model":"e"}}', "e"],
  ['{"model":"e","message":{}}', "e"],
  ['{"message":{"content":[{"model":"x"}],"model":"e"}}', "e"],
  ['{"message":{"message":{"model":"x"}},"model":"e"}', "e"],
  ['{"message":"model","model":"e"}', "e"],
  ['{"message":{"a":1},"a":{"model":"x"},"model":"e"}', "e"],
  ['{"message":{"model":null},"a":"x","model":"e"}', "e"],
  ['{"message":[{"model":"x"}]}', undefined],
  ['{"a":{"message":{"model":"x"}}}', undefined],
  ['{"a":{"model":"x"},"message":{"a":{"model":"x"}}}', undefined],
])("in %s the name of the message or the top is %j", (text, name) => {
  expect(nameIn([text], NESTED)).toBe(name);
  expect(nameIn([...text], NESTED)).toBe(name);
});

test.each([
  ['{"b":{"c":"e"}}', "e"],
  ['{"b":{"a":"x","c":"e"}}', "e"],
  ['{"c":"x","b":{"a":"x"},"a":"e"}', "e"],
  ['{"c":"x","b":{"a":"x","b":{"c":"x"}}}', undefined],
])("fields at the top are not taken for those within another: in %s it is %j", (text, name) => {
  expect(nameIn([text], [{ key: "a" }, { parent: "b", key: "c" }])).toBe(name);
});

test("it stops behind each quote of the name, and reads no further than it was told", () => {
  const finder = new NameFinder(TOP);
  const chunk = Buffer.from('{"model":"tiny","a":"b"}');
  expect(finder.read(chunk, 0, 5)).toBe(5);
  expect(finder.read(chunk, 5, chunk.length)).toBe(10);
  expect([finder.inside, finder.done]).toEqual([true, false]);
  expect(finder.read(chunk, 10, 12)).toBe(12);
  expect([finder.inside, finder.done]).toEqual([true, false]);
  expect(finder.read(chunk, 12, chunk.length)).toBe(15);
  expect([finder.inside, finder.done]).toEqual([false, true]);
  expect(finder.read(chunk, 15, chunk.length)).toBe(chunk.length);
});

test.each([
  ["in the structure", '{"a":[['],
  ["in a key", '{"mod'],
  ["in a string, behind a slash", '{"a":"x\\'],
  ["in the name", '{"model":"x'],
  ["behind the name", '{"model":"x"'],
  ["behind more than there was", "}]}}"],
])("once it is told to forget, it begins anew: %s", (_, before) => {
  const finder = new NameFinder(TOP);
  const bytes = Buffer.from(before);
  for (let at = 0; at < bytes.length;) at = finder.read(bytes, at, bytes.length);
  finder.reset();
  expect([finder.inside, finder.done]).toEqual([false, false]);
  const next = Buffer.from('{"model":""}');
  expect(finder.read(next, 0, next.length)).toBe(10);
  expect(finder.inside).toBe(true);
  expect(finder.read(next, 10, next.length)).toBe(11);
  expect(finder.done).toBe(true);
});
