/** The options of a request are filled as Go's decoder reads them, and are made where there are none. */

import { expect, test } from "bun:test";

import { fillNested } from "../../src/bytes/fill-nested.ts";
import type { Wish } from "../../src/bytes/fill.ts";
import { inOrder, splice } from "../../src/bytes/splice.ts";

const DEFAULT: Wish = { keys: ["num_ctx"], value: "8192", isForced: false };
const FORCE: Wish = { ...DEFAULT, isForced: true };

function filled(text: string, wishes: readonly Wish[]): string {
  const body = Buffer.from(text);
  const filling = fillNested(body, "options", wishes);
  if (!("edits" in filling)) return JSON.stringify(filling);
  return Buffer.from(splice(body, inOrder(filling.edits))).toString();
}

/** A third column says what a force makes of it, where that is something else than a default does. */
test.each<[body: string, byDefault: string, forced?: string]>([
  ['{"x":1}', '{"options":{"num_ctx":8192},"x":1}'],
  ['{"x":1,"options":{}}', '{"x":1,"options":{"num_ctx":8192}}'],
  ['{"options":{\n}}', '{"options":{"num_ctx":8192\n}}'],
  ['{"options":null}', '{"options":{"num_ctx":8192}}'],
  ['{"OPTIONS" : null }', '{"OPTIONS" : {"num_ctx":8192} }'],
  ['{"options":{"seed":1}}', '{"options":{"num_ctx":8192,"seed":1}}'],
  ['{"options":{"num_ctx":null}}', '{"options":{"num_ctx":8192}}'],
  ['{"options":{"num_ctx":4}}', '{"options":{"num_ctx":4}}', '{"options":{"num_ctx":8192}}'],
  ['{"options":{"num_ctx":"4"}}', '{"options":{"num_ctx":"4"}}', '{"options":{"num_ctx":8192}}'],
  ['{"Options":{ "num_ctx" : 4 }}', '{"Options":{ "num_ctx" : 4 }}', '{"Options":{ "num_ctx" : 8192 }}'],
  [
    '{"opt\\u0069ons":{"num\\u005fctx":4}}',
    '{"opt\\u0069ons":{"num\\u005fctx":4}}',
    '{"opt\\u0069ons":{"num\\u005fctx":8192}}',
  ],
  ['{"option\u017f":{"num_ctx":4}}', '{"option\u017f":{"num_ctx":4}}', '{"option\u017f":{"num_ctx":8192}}'],
  // keys of a map are exact: this one is another
  ['{"options":{"NUM_CTX":4}}', '{"options":{"num_ctx":8192,"NUM_CTX":4}}'],
  ['{"options":{"num_ct\u03c7":4}}', '{"options":{"num_ctx":8192,"num_ct\u03c7":4}}'],
  // the last of duplicates counts
  [
    '{"options":{"num_ctx":4,"num_ctx":5}}',
    '{"options":{"num_ctx":4,"num_ctx":5}}',
    '{"options":{"num_ctx":8192,"num_ctx":8192}}',
  ],
  [
    '{"options":{"num_ctx":4,"num_ctx":null}}',
    '{"options":{"num_ctx":4,"num_ctx":8192}}',
    '{"options":{"num_ctx":8192,"num_ctx":8192}}',
  ],
  // a map that is written twice is one
  ['{"options":{"seed":1},"options":{}}', '{"options":{"seed":1},"options":{"num_ctx":8192}}'],
  [
    '{"options":{"num_ctx":4},"Options":{"seed":1}}',
    '{"options":{"num_ctx":4},"Options":{"seed":1}}',
    '{"options":{"num_ctx":8192},"Options":{"seed":1}}',
  ],
  [
    '{"options":{"num_ctx":4},"options":{"num_ctx":null}}',
    '{"options":{"num_ctx":4},"options":{"num_ctx":8192}}',
    '{"options":{"num_ctx":8192},"options":{"num_ctx":8192}}',
  ],
  // null begins it anew
  [
    '{"options":{"num_ctx":4},"options":null,"options":{"seed":1}}',
    '{"options":{"num_ctx":4},"options":null,"options":{"num_ctx":8192,"seed":1}}',
  ],
  ['{"options":null,"options":{}}', '{"options":null,"options":{"num_ctx":8192}}'],
  ['{"options":null,"options":null}', '{"options":null,"options":{"num_ctx":8192}}'],
  // and what came before it must not come back
  [
    '{"options":{"seed":1},"options":null}',
    '{"options":{"seed":1},"options":null,"options":{"num_ctx":8192}}',
  ],
  // what is no object the engine refuses
  ['{"options":[]}', '{"options":[]}'],
  ['{"options":"num_ctx"}', '{"options":"num_ctx"}'],
  ['{"options":true,"options":{"num_ctx":4}}', '{"options":true,"options":{"num_ctx":4}}'],
  // these are none
  ['{"x":{"options":{"num_ctx":4}}}', '{"options":{"num_ctx":8192},"x":{"options":{"num_ctx":4}}}'],
  ['{"num_ctx":4}', '{"options":{"num_ctx":8192},"num_ctx":4}'],
  ['{"options":{"x":{"num_ctx":4}}}', '{"options":{"num_ctx":8192,"x":{"num_ctx":4}}}'],
  ['{} {"options":{"num_ctx":4}}', '{"options":{"num_ctx":8192}} {"options":{"num_ctx":4}}'],
])("%s", (body, byDefault, forced = byDefault) => {
  expect(filled(body, [DEFAULT])).toBe(byDefault);
  expect(filled(body, [FORCE])).toBe(forced);
  expect(filled(body, [])).toBe(body);
});

test("an option of any length is found, even if each of its letters is escaped", () => {
  const name = "an_option_that_an_engine_of_another_year_has";
  const escaped = [...name]
    .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
  const wish: Wish = { keys: [name], value: "2", isForced: true };
  expect(filled(`{"options":{"${escaped}":1}}`, [wish])).toBe(`{"options":{"${escaped}":2}}`);
});

test("what is wrong within the options is told", () => {
  expect(filled('{"options":{"num_ctx" 4}}', [DEFAULT])).toBe(
    JSON.stringify({ malformed: "invalid character '4' after object key" }),
  );
  expect(filled('{"options":{num_ctx:4}}', [DEFAULT])).toContain("malformed");
  expect(filled('{"options":{"num_ctx":4,}}', [FORCE])).toContain("malformed");
});
