/** What is wrong with a body is told in the words of Go's decoder, as Ollama's clients know them. */

import { describe, expect, test } from "bun:test";

import { type Field, findFields } from "../../src/bytes/fields.ts";
import { captures } from "../support/captures.ts";

function faultOf(body: string | Buffer): string | undefined {
  const fields = findFields(Buffer.from(body), ["model"]);
  return "malformed" in fields ? fields.malformed : undefined;
}

describe("a real Ollama's words for a broken body", () => {
  const broken = [...captures("ollama-")].filter(([name]) => /-err-(badjson|truncatedjson)$/.test(name));

  test.each(broken)("%s", (_, { request, body }) => {
    expect(faultOf(request?.body ?? "")).toBe(errorIn(body.toString()));
  });

  test("there are recordings of them", () => {
    expect(broken.length).toBeGreaterThan(10);
  });
});

function errorIn(body: string): string {
  const { error } = JSON.parse(body) as { readonly error: string | { readonly message: string } };
  return typeof error === "string" ? error : error.message;
}

test.each([
  ["", "EOF"],
  [" \r\n\t", "EOF"],
  ["{", "unexpected EOF"],
  ["{ ", "unexpected EOF"],
  ['{"mod', "unexpected EOF"],
  ['{"model"', "unexpected EOF"],
  ['{"model":', "unexpected EOF"],
  ['{"model":"ti', "unexpected EOF"],
  ['{"model":"tiny\\"', "unexpected EOF"],
  ['{"model":"tiny"', "unexpected EOF"],
  ['{"model":"tiny",', "unexpected EOF"],
  ['{"model":tru', "unexpected EOF"],
  ['{"a":{"b":[1,2', "unexpected EOF"],
  ["[1", "unexpected EOF"],
  ['"tiny', "unexpected EOF"],
  ["{bad", "invalid character 'b' looking for beginning of object key string"],
  ["{'model':1}", "invalid character '\\'' looking for beginning of object key string"],
  ["{,}", "invalid character ',' looking for beginning of object key string"],
  ["{1:2}", "invalid character '1' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a":1,,"b":2}', "invalid character ',' looking for beginning of object key string"],
  ['{"a"}', "invalid character '}' after object key"],
  ['{"a" "b"}', "invalid character '\"' after object key"],
  ['{"a"=1}', "invalid character '=' after object key"],
  ['{"a":}', "invalid character '}' looking for beginning of value"],
  ['{"a"::1}', "invalid character ':' looking for beginning of value"],
  ['{"a":bad}', "invalid character 'b' looking for beginning of value"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ['{"a":1]', "invalid character ']' after object key:value pair"],
  ["model=tiny", "invalid character 'm' looking for beginning of value"],
  ["\\", "invalid character '\\\\' looking for beginning of value"],
  ['{"a":1;"b":2}', "invalid character ';' after object key:value pair"],
  ['{"a":trux}', "invalid character 'x' in literal true (expecting 'e')"],
  ["nope", "invalid character 'o' in literal null (expecting 'u')"],
  ["nul", "unexpected EOF"],
  ["\x07", "invalid character '\\a' looking for beginning of value"],
  ["\x1f{}", "invalid character '\\x1f' looking for beginning of value"],
])("%j is told as %j", (body, error) => {
  expect(faultOf(body)).toBe(error);
});

test.each([
  ["a delete", "\x7f{}", "\\x7f"],
  ["a byte order mark", "\ufeff{}", "ï"],
  ["a Latin letter with an accent", "é", "Ã"],
])("%s is told by its first byte", (_, body, quoted) => {
  expect(faultOf(body)).toBe(`invalid character '${quoted}' looking for beginning of value`);
});

test.each<[string, Field["type"]]>([
  ["[]", "array"],
  ['[{"model":"tiny"}]', "array"],
  ['"tiny"', "string"],
  ["7", "number"],
  ["-1.5", "number"],
  ["true", "bool"],
  [" false ", "bool"],
])("%j is no object but of type %s", (body, wrongType) => {
  expect(findFields(Buffer.from(body), ["model"])).toEqual({ wrongType });
});
