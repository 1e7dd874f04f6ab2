/** What a client sends stays as it came, but for what its model's owner asks; each body by hand, on each of Ollama's paths. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { PATHS, type Stage, stageOf } from "../support/parameter-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await stageOf(
    ["m", "plain", "only-ctx"],
    `[models]
m = { options = { num_ctx = 8192, stop = ["</s>", "\\u00e9"] }, force = { options = { temperature = 0.5 }, keep_alive = "30m" } }
only-ctx = { force = { options = { num_ctx = 8192 } } }
`,
  );
});

afterAll(() => stage[Symbol.asyncDispose]());

const ALL = '"options":{"temperature":0.5,"num_ctx":8192,"stop":["</s>","é"]}';
const REST = '"num_ctx":8192,"stop":["</s>","é"]';

const BODIES: readonly [sentence: string, sent: string, arrives: string][] = [
  ["options that are missing are put in", '{"model":"m"}', `{${ALL},"keep_alive":1800,"model":"m"}`],
  [
    "null, as Go's clients send it, is nothing",
    '{"model":"m","options":null,"keep_alive":null}',
    `{"model":"m",${ALL},"keep_alive":1800}`,
  ],
  [
    "an empty object is filled",
    '{"model":"m","options":{},"keep_alive":"5m"}',
    `{"model":"m",${ALL},"keep_alive":1800}`,
  ],
  [
    "what is there stays where it is, unless it is forced",
    '{"options":{"num_ctx":4096,"temperature":1.0,"seed":18446744073709551615},"model":"m"}',
    '{"keep_alive":1800,"options":{"stop":["</s>","é"],"num_ctx":4096,"temperature":0.5,"seed":18446744073709551615},"model":"m"}',
  ],
  [
    "a null option is nothing",
    '{"model":"m","options":{"stop":null,"temperature":null,"num_ctx":null},"keep_alive":1800}',
    '{"model":"m","options":{"stop":["</s>","é"],"temperature":0.5,"num_ctx":8192},"keep_alive":1800}',
  ],
  [
    "an empty list, an empty text and a zero are something",
    '{"model":"m","options":{"stop":[],"num_ctx":0,"temperature":0},"keep_alive":""}',
    '{"model":"m","options":{"stop":[],"num_ctx":0,"temperature":0.5},"keep_alive":1800}',
  ],
  [
    "white space stays",
    '  {\n\t"model" :  "m" ,\r\n "options" : {\n } , "keep_alive"\t:\t"5m" }  \n',
    `  {\n\t"model" :  "m" ,\r\n "options" : {"temperature":0.5,${REST}\n } , "keep_alive"\t:\t1800 }  \n`,
  ],
  [
    "escapes, duplicates of others, odd numbers and what follows stay",
    '{"x":"\\u00e9\\/ é \\ud800","x":1E+2,"model":"m","y":-0.0,"keep_alive":1800} {"options":{}}',
    `{${ALL},"x":"\\u00e9\\/ é \\ud800","x":1E+2,"model":"m","y":-0.0,"keep_alive":1800} {"options":{}}`,
  ],
  [
    "keys that say so deeper down, or within texts, say nothing",
    '{"model":"m","messages":[{"options":{"num_ctx":1},"content":"\\"options\\":{\\"num_ctx\\":1}"}],"num_ctx":1,"temperature":9}',
    `{${ALL},"keep_alive":1800,"model":"m","messages":[{"options":{"num_ctx":1},"content":"\\"options\\":{\\"num_ctx\\":1}"}],"num_ctx":1,"temperature":9}`,
  ],
  [
    "the name in its older field",
    '{"name":"m","model":"","options":null}',
    `{"keep_alive":1800,"name":"m","model":"m",${ALL}}`,
  ],
];

const ON_ALL_PATHS = PATHS.flatMap((path) => BODIES.map((body) => [path, ...body] as const));

test.each(ON_ALL_PATHS)("%s: %s", async (path, _, sent, arrives) => {
  expect(await stage.sent(sent, path)).toBe(arrives);
});

test.each(PATHS)("%s: a body that says all that is wanted passes as it is", async (path) => {
  const body = `{ "model":"m", "keep_alive": 1800, "options":{"stop":["x"],"num_ctx":1,"temperature" : 0.5 } } x`;
  expect(await stage.sent(body, path)).toBe(body);
});

test.each(PATHS)("%s: a model of which nobody asks anything gets what was sent", async (path) => {
  for (const [, sent] of BODIES) {
    const body = sent.replaceAll('"m"', '"plain"');
    if (!body.includes('"model":""')) expect(await stage.sent(body, path)).toBe(body);
  }
});

test.each(PATHS)("%s: what is not asked of a model is not touched", async (path) => {
  const body =
    '{"model":"only-ctx","keep_alive":null,"KEEP_ALIVE":"5m","options":{"seed":null,"num_ctx":8192}}';
  expect(await stage.sent(body, path)).toBe(body);
});

test("bytes that are no UTF-8 pass beside what is put in", async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"model":"only-ctx","prompt":"'),
    Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
    Buffer.from('"}'),
  ]);
  const index = stage.engine.talks.length;
  await stage.post(bytes, "/api/generate");
  const { body } = await stage.engine.talk(index);
  const expected = Buffer.concat([Buffer.from('{"options":{"num_ctx":8192},'), bytes.subarray(1)]);
  expect(body.equals(expected)).toBe(true);
});
