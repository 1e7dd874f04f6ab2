/** What a client sends reaches the engine byte for byte, but for the model's name, and what the engine says likewise. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

const BODIES: [promise: string, body: string][] = [
  ["64-bit integers", '{"model":"NAME","seed":18446744073709551615,"messages":[]}'],
  ["numbers as they are written", '{"temperature":1.0,"model":"NAME","top_p":1e400,"x":-0.0,"y":1E+2}'],
  ["the order of keys", '{"z":1,"a":2,"model":"NAME","m":3,"b":4}'],
  ["duplicate keys", '{"seed":1,"model":"NAME","seed":2,"seed":1}'],
  ["unknown fields", '{"model":"NAME","think":{"deep":[null,true,{"model":"gpt-4o"}]},"__proto__":{"a":1}}'],
  ["white space", '  {\n\t"model" :   "NAME" ,\r\n "messages": [ ] }  \n'],
  ["escapes and characters beyond ASCII", '{"model":"NAME","p":"\\u00e9\\n\\ud83d\\ude00 é 😀 \\/ /"}'],
  ["text that looks like a model's name", '{"p":"\\"model\\":\\"gpt-4o\\"","model":"NAME","q":"gpt-4o"}'],
  ["what follows the JSON", '{"model":"NAME"} trailing'],
  ["a lone surrogate", '{"model":"NAME","p":"\\ud800"}'],
  ["names in every duplicate", '{"model":"NAME","MODEL":"NAME","x":1}'],
];

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["org/Real-Model@q4"], (talk) => talk.answer(200, talk.body));
  router = await mellamo(
    `[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n[aliases]\ngpt-4o = "org/Real-Model@q4"\n`,
  );
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

async function ask(body: string | Uint8Array): Promise<{ sent: Buffer; heard: string }> {
  const index = backend.talks.length;
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body });
  const { body: sent } = await backend.talk(index);
  return { sent, heard: await answer.text() };
}

test.each(BODIES)("%s, to the engine", async (_, body) => {
  const { sent } = await ask(body.replaceAll("NAME", "gpt-4o"));
  expect(sent.toString()).toBe(body.replaceAll("NAME", "org/Real-Model@q4"));
});

test.each(BODIES)("%s, in the engine's answer", async (_, body) => {
  backend.behave((talk) =>
    talk.answer(200, body.replace("NAME", "org/Real-Model@q4").replaceAll("NAME", "other")),
  );
  const { heard } = await ask('{"model":"gpt-4o"}');
  expect(heard).toBe(body.replace("NAME", "gpt-4o").replaceAll("NAME", "other"));
});

test("bytes that are no UTF-8, both ways", async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"model":"gpt-4o","p":"'),
    Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
    Buffer.from('"}'),
  ]);
  backend.behave((talk) => talk.answer(200, talk.body));
  const { sent } = await ask(bytes);
  const expected = Buffer.from(bytes.toString("latin1").replace("gpt-4o", "org/Real-Model@q4"), "latin1");
  expect(sent.equals(expected)).toBe(true);
});

test("the name as the client wrote it comes back, blanks, case and escapes included", async () => {
  backend.behave((talk) => talk.answer(200, '{"model":"org/Real-Model@q4"}'));
  for (const name of ['" GPT-4o "', '"gpt-4o:latest"', '"\\u0067pt-4o"', '"library/GPT-4O"']) {
    expect((await ask(`{"model":${name}}`)).heard).toBe(`{"model":${name}}`);
  }
});

test("a body without a byte to change is passed on as it is", async () => {
  backend.behave((talk) => talk.answer(200, "{}"));
  const body = '{"model":"org/Real-Model@q4","x":1}';
  expect((await ask(body)).sent.toString()).toBe(body);
});
