/** The name a client asked for stands in the answer, and nothing else in it changes. */

import { expect, test } from "bun:test";

import { Echo, type Framing, framingOf } from "../../src/bytes/echo.ts";
import { echoed, echoedEitherWay, FIELDS } from "../support/echoed.ts";

test.each<[string | undefined, Framing | undefined]>([
  ["application/json", "json"],
  ["application/json; charset=utf-8", "json"],
  ["Application/JSON ; charset=utf-8", "json"],
  ["application/x-ndjson", "lines"],
  ["text/event-stream;charset=utf-8", "events"],
  ["text/plain", undefined],
  ["application/octet-stream", undefined],
  ["audio/mpeg", undefined],
  ["", undefined],
  [undefined, undefined],
])("an answer of the type %j is framed as %j", (contentType, framing) => {
  expect(framingOf(contentType)).toBe(framing);
});

test.each([
  ["at the top", '{"model":"e","x":1}', '{"model":"ALIAS","x":1}'],
  ["in the message", '{"message":{"model":"e"}}', '{"message":{"model":"ALIAS"}}'],
  ["in the response", '{"type":"t","response":{"model":"e"}}', '{"type":"t","response":{"model":"ALIAS"}}'],
  ["in place of nothing", '{"model":""}', '{"model":"ALIAS"}'],
  ["in place of a longer one", `{"model":"${"e".repeat(99)}"}`, '{"model":"ALIAS"}'],
  ["in place of one with escapes", '{"model":"\\"\\\\"}', '{"model":"ALIAS"}'],
  ["in JSON of many lines", '{\n  "id": 1,\n  "model": "e"\n}\n', '{\n  "id": 1,\n  "model": "ALIAS"\n}\n'],
])("the name stands %s", (_, text, expected) => {
  expect(echoedEitherWay("json", text)).toBe(expected);
});

test.each([
  '{"content":"\\"model\\":\\"e\\" and {\\"model\\":\\"e\\"}"}',
  '{"a":{"model":"e"},"choices":[{"model":"e","message":{"model":"e"}}]}',
  '{"data":[{"id":"e","model":"e"}]}',
  '{"model":null,"models":"e","Model":"e"}',
  '{"error":"model e not found"}',
  "plain text",
  "",
])("%s passes as it came", (text) => {
  expect(echoedEitherWay("json", text)).toBe(text);
});

test("a chunk without a name is passed on itself, not as a copy", () => {
  const echo = new Echo("lines", FIELDS, Buffer.from('"ALIAS"'));
  const chunk = Buffer.from('{"response":"x"}\n');
  expect(echo.through(chunk)).toBe(chunk);
});

test.each([
  ["short", '"x"'],
  ["long", `"${"x".repeat(1000)}"`],
  ["as it was sent, escapes and all", '" \\u0041\\/ "'],
  ["of other scripts", '"模型🦙"'],
])("the name may be %s", (_, name) => {
  const expected = `{"model":${Buffer.from(name).toString("latin1")}}`;
  expect(echoed("json", ['{"model":"tiny"}'], name)).toBe(expected);
  expect(echoed("json", [...'{"model":"tiny"}'], name)).toBe(expected);
});

test("a chunk that is all name becomes nothing, and an empty one stays empty", () => {
  expect(echoed("json", ['{"model":"a', "bcd", "", 'e"}'])).toBe('{"model":"ALIAS"}');
  const echo = new Echo("json", FIELDS, Buffer.from('"ALIAS"'));
  echo.through(Buffer.from('{"model":"a'));
  expect(echo.through(Buffer.from("bcd")).length).toBe(0);
});

test("what has come is passed on at once, in whatever place it was cut", () => {
  const echo = new Echo("events", FIELDS, Buffer.from('"ALIAS"'));
  expect(Buffer.from(echo.through(Buffer.from('data: {"mo'))).toString()).toBe('data: {"mo');
  expect(Buffer.from(echo.through(Buffer.from('del":"'))).toString()).toBe('del":"ALIAS"');
});
