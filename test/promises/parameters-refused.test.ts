/** What is wrong with a client's parameters is told once: by the engine where it can be, else in Ollama's own words. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { PATHS, type Stage, stageOf } from "../support/parameter-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await stageOf(
    ["m", "forced"],
    `[models]
m = { options = { num_ctx = 8192, stop = ["x"] }, keep_alive = 60 }
forced = { force = { options = { num_ctx = 8192 }, keep_alive = 60 } }
`,
  );
});

afterAll(() => stage[Symbol.asyncDispose]());

const EVERYWHERE = (rows: readonly (readonly [string, string])[]): (readonly [string, string, string])[] =>
  PATHS.flatMap((path) => rows.map(([sent, arrives]) => [path, sent, arrives] as const));

test.each(
  EVERYWHERE([
    ['{"model":"m","options":[],"keep_alive":60}', '{"model":"m","options":[],"keep_alive":60}'],
    ['{"model":"m","options":"num_ctx=1"}', '{"keep_alive":60,"model":"m","options":"num_ctx=1"}'],
    ['{"model":"m","options":5}', '{"keep_alive":60,"model":"m","options":5}'],
    ['{"model":"m","options":false}', '{"keep_alive":60,"model":"m","options":false}'],
    ['{"model":"m","options":{},"options":[]}', '{"keep_alive":60,"model":"m","options":{},"options":[]}'],
    [
      '{"model":"m","keep_alive":{"a":1},"options":{"num_ctx":"many","stop":5}}',
      '{"model":"m","keep_alive":{"a":1},"options":{"num_ctx":"many","stop":5}}',
    ],
    [
      '{"model":"m","keep_alive":"soon"}',
      '{"options":{"num_ctx":8192,"stop":["x"]},"model":"m","keep_alive":"soon"}',
    ],
    ['{"model":"forced","options":[]}', '{"keep_alive":60,"model":"forced","options":[]}'],
  ]),
)("%s: of a wrong type, the engine refuses: %s", async (path, sent, arrives) => {
  const refusal = '{"error":"option \\"num_ctx\\" must be of type integer"}';
  stage.engine.behave((talk) => talk.answer(400, refusal));
  const index = stage.engine.talks.length;
  const answer = await stage.post(sent, path);
  expect([answer.status, await answer.text()]).toEqual([400, refusal]);
  expect((await stage.engine.talk(index)).body.toString()).toBe(arrives);
  expect(stage.engine.talks.length).toBe(index + 1);
});

test.each(
  EVERYWHERE([
    ['{"num_ctx":1,}', "invalid character '}' looking for beginning of object key string"],
    ["{num_ctx:1}", "invalid character 'n' looking for beginning of object key string"],
    ['{"num_ctx" 1}', "invalid character '1' after object key"],
    ['{"num_ctx":1 "seed":2}', "invalid character '\"' after object key:value pair"],
    ['{"num_ctx":}', "invalid character '}' looking for beginning of value"],
    ['{"num_ctx":nul}', "invalid character '}' in literal null (expecting 'l')"],
    ['{"num_ctx":1]', "invalid character ']' after object key:value pair"],
  ]),
)("%s: options that are no JSON are one 400: %s", async (path, options, text) => {
  const before = stage.engine.talks.length;
  for (const name of ["m", "forced"]) {
    const answer = await stage.post(`{"model":"${name}","options":${options},"x":1}`, path);
    expect([answer.status, await answer.json()]).toEqual([400, { error: text }]);
  }
  expect(stage.engine.talks.length).toBe(before);
});

test("more of one key than anybody writes are refused rather than held", async () => {
  const before = stage.engine.talks.length;
  const many = `{"model":"forced","options":{"num_ctx":1${',"num_ctx":1'.repeat(1001)}}}`;
  const answer = await stage.post(many);
  expect([answer.status, await answer.json()]).toEqual([400, { error: 'more than 1000 fields "num_ctx"' }]);
  expect(stage.engine.talks.length).toBe(before);
});
