/** Whatever is forced gets to the engine, however a client writes its own wish. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";

import { goRead } from "../support/go-request.ts";
import { PATHS, type Stage, stageOf } from "../support/parameter-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await stageOf(
    ["m"],
    `[models]
m = { force = { options = { num_ctx = 8192, an_option_of_an_engine_that_is_newer = 1 }, keep_alive = -1 } }
`,
  );
});

afterAll(() => stage[Symbol.asyncDispose]());

function escaped(text: string): string {
  return [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

const NEWER = "an_option_of_an_engine_that_is_newer";

test.each<[way: string, body: string]>([
  ["plainly", '{"model":"m","options":{"num_ctx":4},"keep_alive":0}'],
  ["as a text", '{"model":"m","options":{"num_ctx":"4"},"keep_alive":"0"}'],
  ["twice", '{"model":"m","options":{"num_ctx":8192,"num_ctx":4},"keep_alive":-1,"keep_alive":0}'],
  ["in two objects", '{"model":"m","options":{"num_ctx":8192},"options":{"num_ctx":4}}'],
  ["in an object before an empty one", '{"model":"m","options":{"num_ctx":4},"options":{}}'],
  ["in an object behind null", '{"model":"m","options":null,"options":{"num_ctx":4}}'],
  ["in an object before null", '{"model":"m","options":{"num_ctx":4},"options":null}'],
  ["in a key of another case", '{"model":"m","Options":{"num_ctx":4},"KEEP_ALIVE":0}'],
  [
    "in keys of each case",
    '{"model":"m","options":{},"OPTIONS":{"num_ctx":4},"keep_alive":-1,"Keep_Alive":0}',
  ],
  [
    "in keys that are escaped",
    `{"model":"m","${escaped("options")}":{"${escaped("num_ctx")}":4,"${escaped(NEWER)}":2},"${escaped("KEEP_ALIVE")}":0}`,
  ],
  [
    "in keys that are escaped in part",
    '{"model":"m","opti\\u006fns":{"num\\u005Fctx":4},"keep\\u005falive":0}',
  ],
  ["with letters that Go takes for others", '{"model":"m","option\u017f":{"num_ctx":4},"\u212aeep_alive":0}'],
  ["with such letters, escaped", '{"model":"m","option\\u017f":{"num_ctx":4},"\\u212Aeep_alive":0}'],
  [
    "with blanks wherever they may be",
    '{\n"model":"m",\r\n"options"\t:\n{\t"num_ctx"\n:\t4\r}\t,"keep_alive" : 0 }',
  ],
  ["as null", '{"model":"m","options":{"num_ctx":null},"keep_alive":null}'],
  ["before the name", '{"options":{"num_ctx":4},"keep_alive":0,"model":"m"}'],
  ["behind a hundred others", `{"model":"m","options":{${'"num_ctx":4,'.repeat(100)}"num_ctx":5}}`],
  ["behind a thousand objects", `{"model":"m"${',"options":{"num_ctx":4}'.repeat(999)}}`],
  ["not at all", '{"model":"m"}'],
])("a client that says it %s", async (_, body) => {
  for (const path of PATHS) {
    const arrived = await stage.sent(body, path);
    expect(goRead(arrived)).toEqual({ options: { num_ctx: "8192", [NEWER]: "1" }, keep_alive: "-1" });
  }
});

test("by a name in another case, or with what means nothing", async () => {
  for (const name of ["M", "m:latest", "library/m", " m ", "registry.ollama.ai/library/M:LATEST"]) {
    const arrived = await stage.sent(JSON.stringify({ model: name, options: { num_ctx: 4 } }));
    expect(goRead(arrived).options["num_ctx"]).toBe("8192");
  }
});

test("on a path that is written in another way", async () => {
  for (const path of [
    "//api/chat",
    "/api//chat",
    "/api/chat?x=1",
    "/api%2Fchat",
    "/api/./chat",
    "/x/../api/chat",
  ]) {
    const before = stage.engine.talks.length;
    const answer = await stage.post('{"model":"m","options":{"num_ctx":4}}', path);
    await answer.text();
    for (const { body } of stage.engine.talks.slice(before))
      expect(goRead(body.toString()).options["num_ctx"]).toBe("8192");
    expect([path, answer.status === 200]).toEqual([path, stage.engine.talks.length > before]);
  }
});

test("in a body that is compressed", async () => {
  const index = stage.engine.talks.length;
  const body = gzipSync('{"model":"m","options":{"num_ctx":4}}');
  const headers = { "content-encoding": "gzip" };
  await fetch(`${stage.router.url}/api/chat`, { method: "POST", headers, body });
  expect(goRead((await stage.engine.talk(index)).body.toString()).options["num_ctx"]).toBe("8192");
});
