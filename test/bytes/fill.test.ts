/** Values are put into an object where it says nothing, or whatever it says, and no other byte changes. */

import { expect, test } from "bun:test";

import { fill, type Wish } from "../../src/bytes/fill.ts";
import { inOrder, splice } from "../../src/bytes/splice.ts";

const DEFAULT: Wish = { keys: ["keep_alive"], value: "300", isForced: false };
const FORCE: Wish = { ...DEFAULT, isForced: true };

/** The body with what was wished for, and the names of what took another value's place. */
function filled(text: string, wishes: readonly Wish[]): readonly [string, ...string[]] {
  const body = Buffer.from(text);
  const filling = fill(body, [{ start: 0, end: body.length }], wishes, "ignoring case");
  if (!("edits" in filling)) throw new Error(JSON.stringify(filling));
  const spliced = Buffer.from(splice(body, inOrder(filling.edits))).toString();
  return [spliced, ...filling.replaced.map(({ keys: [key] }) => key)];
}

test.each<[sentence: string, body: string, byDefault: string, forced: string]>([
  ["nothing", "{}", '{"keep_alive":300}', '{"keep_alive":300}'],
  ["blanks", "{ }", '{"keep_alive":300 }', '{"keep_alive":300 }'],
  ["other keys", '{"x":1}', '{"keep_alive":300,"x":1}', '{"keep_alive":300,"x":1}'],
  ["blanks in front", ' {\n"x":1}', ' {"keep_alive":300,\n"x":1}', ' {"keep_alive":300,\n"x":1}'],
  ["null", '{"keep_alive":null}', '{"keep_alive":300}', '{"keep_alive":300}'],
  ["a value", '{"keep_alive":5}', '{"keep_alive":5}', '{"keep_alive":300}'],
  ["an empty text", '{"keep_alive":""}', '{"keep_alive":""}', '{"keep_alive":300}'],
  ["0", '{"keep_alive":0}', '{"keep_alive":0}', '{"keep_alive":300}'],
  ["false", '{"keep_alive":false}', '{"keep_alive":false}', '{"keep_alive":300}'],
  ["a list", '{"keep_alive":[1,{"a":[]}]}', '{"keep_alive":[1,{"a":[]}]}', '{"keep_alive":300}'],
  ["it already", '{"keep_alive":300}', '{"keep_alive":300}', '{"keep_alive":300}'],
  ["another case", '{"KEEP_Alive" : 5 }', '{"KEEP_Alive" : 5 }', '{"KEEP_Alive" : 300 }'],
  [
    "escapes in the key",
    '{"\\u006b\\u0065ep_aliv\\u0065":5}',
    '{"\\u006b\\u0065ep_aliv\\u0065":5}',
    '{"\\u006b\\u0065ep_aliv\\u0065":300}',
  ],
  ["a Kelvin sign in it", '{"\u212aeep_alive":5}', '{"\u212aeep_alive":5}', '{"\u212aeep_alive":300}'],
  [
    "two values",
    '{"keep_alive":5,"x":1,"keep_alive":6}',
    '{"keep_alive":5,"x":1,"keep_alive":6}',
    '{"keep_alive":300,"x":1,"keep_alive":300}',
  ],
  [
    "null and then a value",
    '{"keep_alive":null,"KEEP_ALIVE":6}',
    '{"keep_alive":null,"KEEP_ALIVE":6}',
    '{"keep_alive":300,"KEEP_ALIVE":300}',
  ],
  [
    "a value and then null",
    '{"keep_alive":6,"KEEP_ALIVE":null}',
    '{"keep_alive":6,"KEEP_ALIVE":300}',
    '{"keep_alive":300,"KEEP_ALIVE":300}',
  ],
  [
    "it deeper down",
    '{"x":{"keep_alive":5}}',
    '{"keep_alive":300,"x":{"keep_alive":5}}',
    '{"keep_alive":300,"x":{"keep_alive":5}}',
  ],
  [
    "it within a text",
    '{"x":"\\"keep_alive\\":5"}',
    '{"keep_alive":300,"x":"\\"keep_alive\\":5"}',
    '{"keep_alive":300,"x":"\\"keep_alive\\":5"}',
  ],
])("of an object that says %s", (_, body, byDefault, forced) => {
  expect(filled(body, [DEFAULT])[0]).toBe(byDefault);
  expect(filled(body, [FORCE])[0]).toBe(forced);
});

test("what another value gave way to is told, and only that", () => {
  for (const body of ["{}", '{"keep_alive":null}', '{"keep_alive":300}', '{"keep_alive":5,"keep_alive":300}'])
    expect(filled(body, [FORCE]).slice(1)).toEqual([]);
  for (const body of ['{"keep_alive":5}', '{"keep_alive":300,"KEEP_ALIVE":5}', '{"keep_alive":"300"}'])
    expect(filled(body, [FORCE]).slice(1)).toEqual(["keep_alive"]);
  expect(filled('{"keep_alive":5}', [DEFAULT]).slice(1)).toEqual([]);
});

test("several wishes are put in together, in their order, and each is weighed for itself", () => {
  const wishes: Wish[] = [
    { keys: ["a"], value: "1", isForced: false },
    { keys: ["b"], value: '"é\\n"', isForced: true },
    { keys: ["c"], value: "[]", isForced: false },
    { keys: ["d"], value: "{}", isForced: true },
  ];
  expect(filled("{}", wishes)[0]).toBe('{"a":1,"b":"é\\n","c":[],"d":{}}');
  expect(filled('{"d":0,"x":0,"c":0}', wishes)).toEqual(['{"a":1,"b":"é\\n","d":{},"x":0,"c":0}', "d"]);
});

test("a value in another field counts as said, and is forced where it stands", () => {
  const wish: Wish = { keys: ["max_tokens", "max_completion_tokens"], value: "9", isForced: false };
  const body = '{"max_completion_tokens":5}';
  expect(filled(body, [wish])[0]).toBe(body);
  expect(filled(body, [{ ...wish, isForced: true }])).toEqual(['{"max_completion_tokens":9}', "max_tokens"]);
});

test("what is wrong with the object is told", () => {
  const told = (text: string): unknown =>
    fill(Buffer.from(text), [{ start: 0, end: text.length }], [FORCE], "ignoring case");
  expect(told('{"keep_alive":5,}')).toEqual({
    malformed: "invalid character '}' looking for beginning of object key string",
  });
  expect(told('{"keep_alive":')).toEqual({ malformed: "unexpected EOF" });
  expect(told("[]")).toEqual({ wrongType: "array" });
});
