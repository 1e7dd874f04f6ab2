/** The way that a name leads to its model decides what is asked of it; the name that was asked has the last word. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { goRead, type Said } from "../support/go-request.ts";
import { PATHS, type Stage, stageOf } from "../support/parameter-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await stageOf(
    ["m", "n", "gpt-real"],
    `[models]
m = { options = { seed = 1 } }
[aliases]
# a chain: asked > middle > last > m
asked = { targets = ["middle"], options = { num_ctx = 1000 }, force = { options = { top_k = 1 } } }
middle = { targets = ["last"], options = { num_ctx = 2000, seed = 2 }, keep_alive = 2, force = { options = { top_k = 2, top_p = 0.2 } } }
last = { targets = ["m"], options = { num_ctx = 3000, seed = 3, num_gpu = 3 }, keep_alive = 3, force = { options = { num_gpu = 33 } } }
bare = "middle"
# patterns
"gpt-*" = { targets = ["last"], options = { num_ctx = 4000 } }
"org/*" = { targets = ["*"], options = { num_ctx = 5000 } }
# two ways to one model: the first that is written counts
both = { targets = ["left", "right"], options = { num_ctx = 6000 } }
left = { targets = ["n"], options = { seed = 61 } }
right = { targets = ["n"], options = { seed = 62, num_gpu = 62 }, force = { options = { num_ctx = 62 } } }
mirrored = ["right", "left"]
direct = { targets = ["n", "right"], options = { num_ctx = 7000 } }
# a model of a name that is an alias, too
n-too = { targets = ["n-too", "n"], keep_alive = 8 }
`,
  );
});

afterAll(() => stage[Symbol.asyncDispose]());

const MIDDLE = { num_ctx: "2000", seed: "2", num_gpu: "33", top_k: "2", top_p: "0.2" };
const ASKED = { ...MIDDLE, num_ctx: "1000", top_k: "1" };
const LAST = { num_ctx: "3000", seed: "3", num_gpu: "33" };

test.each<[sentence: string, name: string, said: Said]>([
  ["all of a chain", "asked", { options: ASKED, keep_alive: "2" }],
  ["the middle of it", "middle", { options: MIDDLE, keep_alive: "2" }],
  ["its end", "last", { options: LAST, keep_alive: "3" }],
  ["its model", "m", { options: { seed: "1" } }],
  ["an alias that says nothing itself", "bare", { options: MIDDLE, keep_alive: "2" }],
  ["the name in another case, with its tag", "LAST:latest", { options: LAST, keep_alive: "3" }],
  ["a pattern", "gpt-4o", { options: { ...LAST, num_ctx: "4000" }, keep_alive: "3" }],
  ["a model that a pattern would fit", "gpt-real", { options: {} }],
  ["what the star stands for, if that is a model", "org/m", { options: { num_ctx: "5000", seed: "1" } }],
  [
    "what the star stands for, if that is an alias",
    "org/asked",
    { options: { ...ASKED, num_ctx: "5000" }, keep_alive: "2" },
  ],
  ["the first of two ways", "both", { options: { num_ctx: "6000", seed: "61" } }],
  [
    "the other of two ways, where it is the first",
    "mirrored",
    { options: { num_ctx: "62", seed: "62", num_gpu: "62" } },
  ],
  ["the first of two ways, if it is the model itself", "direct", { options: { num_ctx: "7000" } }],
  ["an alias among whose targets is its own name", "n-too", { options: {}, keep_alive: "8" }],
])("%s", async (_, name, said) => {
  for (const path of PATHS) {
    const arrived = await stage.sent(JSON.stringify({ model: name, options: null }), path);
    expect(goRead(arrived)).toEqual(said);
  }
});

test("what is forced anywhere in a chain is stronger than the request, all else is weaker", async () => {
  const own = { num_ctx: 9, seed: 9, num_gpu: 9, top_k: 9, top_p: 0.9 };
  const arrived = await stage.sent(JSON.stringify({ model: "asked", keep_alive: 9, options: own }));
  expect(arrived).toBe(
    '{"model":"m","keep_alive":9,"options":{"num_ctx":9,"seed":9,"num_gpu":33,"top_k":1,"top_p":0.2}}',
  );
});

test("a pattern's answer carries the name that was asked, whatever was put into the request", async () => {
  stage.engine.behave((talk) => talk.answer(200, '{"model":"m","done":true}'));
  const answer = await stage.post('{"model":"gpt-4o"}');
  expect(await answer.text()).toBe('{"model":"gpt-4o","done":true}');
});
