/** A client that wants a model out of memory gets its way until somebody asks for the model, or its engine comes back. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { type WarmOllama, warmOllama } from "../support/warm-ollama.ts";
import { looksPass, say, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const ASKED = [{ role: "user", content: "?" }];

let engine: WarmOllama;
let router: Mellamo;

beforeEach(async () => {
  engine = warmOllama(["m", "other"]);
  router = await warmRouter({ gpu: { engine, preload: ["m"] } }, '[aliases]\nmine = "m"\n');
  await untilStates(router, "gpu", ["loaded"]);
});

afterEach(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

const GOODBYES: readonly (readonly [path: string, body: object])[] = [
  ["/api/generate", { model: "m", keep_alive: 0 }],
  ["/api/generate", { model: "m", keep_alive: "0" }],
  ["/api/generate", { model: "m", keep_alive: "0s", prompt: "" }],
  ["/api/generate", { model: "mine", keep_alive: 0, stream: false }],
  ["/api/chat", { model: "m", messages: [], keep_alive: 0 }],
  ["/api/chat", { model: "m", messages: ASKED, keep_alive: 0 }],
  ["/api/generate", { model: "mine", prompt: "?", keep_alive: "0m" }],
];

test.each(GOODBYES)("%s with %j is honoured", async (path, body) => {
  expect((await say(router, path, body)).status).toBe(200);
  await looksPass(engine);
  expect([engine.memory(), await untilStates(router, "gpu", ["unloaded"])]).toEqual([[], ["unloaded"]]);
  expect(engine.calls).toHaveLength(2);
});

const QUESTIONS: readonly (readonly [path: string, body: object])[] = [
  ["/api/chat", { model: "m", messages: ASKED }],
  ["/api/generate", { model: "mine" }],
  ["/api/embed", { model: "m", input: "?" }],
  ["/v1/chat/completions", { model: "m", messages: ASKED }],
  ["/v1/messages", { model: "mine", messages: ASKED, max_tokens: 1 }],
];

test.each(QUESTIONS)("until somebody asks by %s with %j", async (path, body) => {
  await say(router, "/api/generate", { model: "m", keep_alive: 0 });
  await untilStates(router, "gpu", ["unloaded"]);
  expect((await say(router, path, body)).status).toBe(200);
  await untilStates(router, "gpu", ["loaded"]);
  expect(engine.memory()).toEqual(["m:latest"]);
  // it is kept again, too
  engine.drop();
  await untilStates(router, "gpu", ["loaded"]);
});

test("`ollama stop` is honoured: it asks what the model is, and lets go of it", async () => {
  await say(router, "/api/show", { model: "m" });
  await say(router, "/api/generate", { model: "m", prompt: "", keep_alive: "0s" });
  await looksPass(engine);
  await untilStates(router, "gpu", ["unloaded"]);
  for (const path of ["/api/show", "/api/show"]) await say(router, path, { model: "m" });
  await say(router, "/api/generate", { model: "other", prompt: "?" });
  await looksPass(engine);
  expect([engine.memory(), await untilStates(router, "gpu", ["unloaded"])]).toEqual([
    ["other:latest"],
    ["unloaded"],
  ]);
});

test("what is wanted out while it is on its way in does not stay", async () => {
  engine.drop();
  const release = engine.hold("m");
  await untilStates(router, "gpu", ["loading"]);
  expect((await say(router, "/api/generate", { model: "m", keep_alive: 0 })).status).toBe(200);
  await untilStates(router, "gpu", ["unloaded"]);
  release();
  await eventually(
    () => engine.calls.at(-1)?.body,
    (body) => Bun.deepEquals(body, { model: "m:latest", keep_alive: 0, stream: false }),
  );
  await looksPass(engine);
  expect([engine.memory(), await untilStates(router, "gpu", ["unloaded"])]).toEqual([[], ["unloaded"]]);
});

test("a refused unload changes nothing", async () => {
  expect((await say(router, "/api/chat", { model: "nobody", messages: [], keep_alive: 0 })).status).toBe(404);
  await looksPass(engine);
  expect(await untilStates(router, "gpu", ["loaded"])).toEqual(["loaded"]);
});

test("an engine that comes back has it again", async () => {
  await say(router, "/api/generate", { model: "m", keep_alive: 0 });
  await untilStates(router, "gpu", ["unloaded"]);
  await engine.stop();
  await router.log.until(/event="backend down"/);
  engine.start();
  await untilStates(router, "gpu", ["loaded"]);
  expect(engine.memory()).toEqual(["m:latest"]);
});

test("a model that is to stay whatever clients say stays", async () => {
  await using forced = warmOllama(["m"]);
  await using strict = await warmRouter({
    gpu: { engine: forced, preload: ["m"], more: "force = { keep_alive = -1 }" },
  });
  await untilStates(strict, "gpu", ["loaded"]);
  for (const [path, body] of GOODBYES.filter(
    ([, { model }]: readonly [string, { model?: string }]) => model === "m",
  ))
    expect((await say(strict, path, body)).status).toBe(200);
  await looksPass(forced);
  expect([forced.memory(), await untilStates(strict, "gpu", ["loaded"])]).toEqual([["m:latest"], ["loaded"]]);
});

test("what is to leave at once whatever clients say is not loaded at all", async () => {
  await using forced = warmOllama(["m"]);
  await using strict = await warmRouter({
    gpu: { engine: forced, preload: ["m"], more: "force = { keep_alive = 0 }" },
  });
  await strict.log.until(/event="not preloaded" backend=gpu model=m why="its keep_alive is 0"/);
  await looksPass(forced);
  expect(forced.calls).toEqual([]);
});
