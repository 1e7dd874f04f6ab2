/** A body's model name is read, and can be replaced without touching any other byte. */

import { expect, test } from "bun:test";

import { type Envelope, openForm, openJson } from "../../src/bytes/envelope.ts";
import { capture } from "../support/captures.ts";

const KEYS = ["model", "name"];

function open(body: string | Uint8Array, keys = KEYS): Envelope {
  const envelope = openJson(typeof body === "string" ? Buffer.from(body) : body, keys);
  if (!("address" in envelope)) throw new Error(JSON.stringify(envelope));
  return envelope;
}

function addressed(body: string, model: string): string {
  return Buffer.from(open(body).address(model)).toString();
}

test.each([
  ["the name", '{"model":"tiny"}', "tiny"],
  ["the last of its duplicates", '{"model":"a","model":"b"}', "b"],
  ["the last that is not empty", '{"model":"a","model":""}', "a"],
  ["the last that is not null", '{"model":"a","MODEL":null}', "a"],
  ["a name in any letter case of its key", '{"Model":"tiny"}', "tiny"],
  ["a name whose key is written in escapes", '{"mod\\u0065l":"tiny"}', "tiny"],
  ["the older field where there is no other", '{"name":"tiny"}', "tiny"],
  ["the older field where the other is empty", '{"model":"","name":"tiny"}', "tiny"],
  ["the newer field where both are there", '{"model":"a","name":"b"}', "a"],
  ["the newer field though it comes first", '{"name":"b","model":"a"}', "a"],
  ["nothing where there is no field", '{"messages":[{"model":"tiny"}]}', ""],
  ["nothing where it is null", '{"model":null}', ""],
  ["nothing in null", "null", ""],
  ["escapes as what they stand for", '{"model":"ti\\u006ey\\/\\"x\\""}', 'tiny/"x"'],
  ["blanks as they are", '{"model":" Tiny "}', " Tiny "],
  ["characters of four bytes", '{"model":"🦙"}', "🦙"],
])("it reads %s", (_, body, name) => {
  expect(open(body).name).toBe(name);
});

test("what two fields of a real Ollama decide between them is read alike", () => {
  const { request, body } = capture("ollama-chat-duplicate-key");
  const { model } = JSON.parse(body.toString()) as { readonly model: string };
  expect(open(request?.body ?? "", ["model"]).name).toBe(model);
  expect(open(capture("ollama-chat-case-key").request?.body ?? "", ["model"]).name).toBe("tiny");
});

test("bytes that are no UTF-8 are read as replacement characters", () => {
  const body = Buffer.from('{"model":"t\xffny"}', "latin1");
  expect(open(body).name).toBe("t\ufffdny");
  expect(Buffer.from(open(body).quotedName).toString("latin1")).toBe('"t\xffny"');
});

test.each([
  ['{"model":"tiny"}', '"tiny"'],
  ['{"model":" t\\u0069ny\\/"}', '" t\\u0069ny\\/"'],
  ['{"model":"a","model":"b","name":"c"}', '"b"'],
  ['{"name":"c","x":1}', '"c"'],
  ["{}", '""'],
])("the name of %j can be given back letter for letter: %s", (body, quoted) => {
  expect(Buffer.from(open(body).quotedName).toString()).toBe(quoted);
});

test.each([
  ['{"model":"a"}', '{"model":"m:8b"}'],
  ['{"model":"a","model":"b"}', '{"model":"m:8b","model":"m:8b"}'],
  ['{"MODEL":"a","mod\\u0065l":null,"Name":""}', '{"MODEL":"m:8b","mod\\u0065l":"m:8b","Name":"m:8b"}'],
  [
    '{ "model" : "a" , "seed":18446744073709551615,"t":1.0 }',
    '{ "model" : "m:8b" , "seed":18446744073709551615,"t":1.0 }',
  ],
  [
    '{"x":{"model":"a"},"y":"\\"model\\":\\"a\\"","model":"a"}',
    '{"x":{"model":"a"},"y":"\\"model\\":\\"a\\"","model":"m:8b"}',
  ],
  ['{"model":"a"} {"model":"a"}', '{"model":"m:8b"} {"model":"a"}'],
  ["{}", "{}"],
])("%s is sent on as %s", (body, expected) => {
  expect(addressed(body, "m:8b")).toBe(expected);
});

test.each([
  ["a quote", 'a"b'],
  ["a slash", "a\\b"],
  ["a line break", "a\nb"],
  ["a line separator", "\u2028"],
  ["a character of four bytes", "🦙"],
  ["half of one", "\ud800"],
  ["nothing", ""],
])("a backend's name with %s is written so that JSON reads it back", (_, model) => {
  expect((JSON.parse(addressed('{"model":"a"}', model)) as { readonly model: string }).model).toBe(model);
});

test("one body can be sent to several backends, each by its own name", () => {
  const envelope = open('{"model":"alias","x":1}');
  expect(["a", "longer", "b"].map((model) => Buffer.from(envelope.address(model)).toString())).toEqual([
    '{"model":"a","x":1}',
    '{"model":"longer","x":1}',
    '{"model":"b","x":1}',
  ]);
});

test("a body that says so in one place only is changed in the others", () => {
  expect(addressed('{"model":"tiny","model":"x"}', "tiny")).toBe('{"model":"tiny","model":"tiny"}');
});

test("a body that says already what it should is sent as it is, without a copy", () => {
  const body = Buffer.from('{"model":"tiny"}');
  expect(open(body).address("tiny")).toBe(body);
});

test.each([
  ['{"model":7}', "number", "model"],
  ['{"model":true}', "bool", "model"],
  ['{"model":{}}', "object", "model"],
  ['{"model":["tiny"]}', "array", "model"],
  ['{"MODEL":7,"model":"tiny"}', "number", "model"],
  ['{"model":"","Name":7}', "number", "name"],
  ['{"Name":{}}', "object", "name"],
])("%s has a name of the type %s", (body, notAString, key) => {
  expect(openJson(Buffer.from(body), KEYS)).toEqual({ notAString, key } as ReturnType<typeof openJson>);
});

test("an older key that holds no text is some other field, where the newer one holds a name", () => {
  const envelope = open('{"model":"tiny","name":{"first":"x"}}');
  expect(envelope.name).toBe("tiny");
  expect(Buffer.from(envelope.address("m")).toString()).toBe('{"model":"m","name":{"first":"x"}}');
});

test("the name for the echo outlives the body, whatever the body is made of", () => {
  const body = Buffer.from('{"model":"tiny"}');
  const { quotedName } = open(body);
  body.fill(0);
  expect(Buffer.from(quotedName).toString()).toBe('"tiny"');
});

test("a body that names its model more often than anybody does is refused", () => {
  const body = `{${'"model":"",'.repeat(2000)}"x":1}`;
  expect(openJson(Buffer.from(body), KEYS)).toEqual({ malformed: 'more than 1000 fields "model"' });
});

test.each([
  ["", "EOF"],
  ["{bad", "invalid character 'b' looking for beginning of object key string"],
  ['{"model":7,', "unexpected EOF"],
])("%j is told as broken before anything else: %s", (body, malformed) => {
  expect(openJson(Buffer.from(body), KEYS)).toEqual({ malformed });
});

test.each(['{"model":"a\nb"}', '{"model":"\\x"}', '{"model":"\\u12"}'])("%j has no valid name", (body) => {
  expect(openJson(Buffer.from(body), KEYS)).toHaveProperty("malformed");
});

test("the name in a form is read and replaced", () => {
  const form = '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\n"tí ny"\r\n--b--\r\n';
  const envelope = openForm(Buffer.from(form), "b");
  if (!("address" in envelope)) throw new Error(envelope.malformed);
  expect(envelope.name).toBe('"tí ny"');
  expect(Buffer.from(envelope.quotedName).toString()).toBe('"\\"tí ny\\""');
  expect(Buffer.from(envelope.address("x")).toString()).toBe(form.replace('"tí ny"', "x"));
});

test("a form that is none is broken", () => {
  expect(openForm(Buffer.from("model=tiny"), "b")).toEqual({ malformed: "multipart: NextPart: EOF" });
});
