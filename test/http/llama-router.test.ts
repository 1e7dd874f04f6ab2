/** A real llama-server in router mode keeps the models in memory that its owner wants there. */

import { afterAll, expect, setDefaultTimeout } from "bun:test";

import { type LlamaRouter, llamaRouter } from "../support/llama-router.ts";
import { llamaProgram, testWithLlama } from "../support/llama-stage.ts";
import { command, type Mellamo, type Result } from "../support/mellamo.ts";
import type { TinyModel } from "../support/tiny-model.ts";
import { ANSWER, QUESTION } from "../support/tiny-talk.ts";
import { preloads, say, untilStates, warmRouter } from "../support/warm-stage.ts";

// it starts a process for each model
setDefaultTimeout(60_000);

const open = new AsyncDisposableStack();
afterAll(() => open.disposeAsync());

/** The engine keeps as many models as `max`. */
async function stage(
  models: Readonly<Record<string, TinyModel | "broken">>,
  preload: readonly string[],
  max: number,
): Promise<{ engine: LlamaRouter; router: Mellamo }> {
  const engine = open.use(await llamaRouter(llamaProgram(), models, ["--models-max", String(max)]));
  const router = open.use(await warmRouter({ gpu: { engine, preload } }));
  return { engine, router };
}

function run(router: Mellamo, ...args: string[]): Promise<Result> {
  return command([...args, "--server", `127.0.0.1:${router.port}`]);
}

testWithLlama("preload, unload, load, requests and status", async () => {
  const { engine, router } = await stage({ one: {}, two: {}, bad: "broken" }, ["bad", "two", "one"], 3);
  await untilStates(router, "gpu", ["failed", "loaded", "loaded"]);
  expect(await engine.states()).toEqual({ one: "loaded", two: "loaded", bad: "unloaded" });
  expect((await preloads(router, "gpu"))[0]?.why).toBe(
    "the engine has taken the call, and the model is not in memory: its own log may tell why",
  );
  expect(router.log.text.match(/event=(preloaded|"not preloaded") backend=gpu model=\w+/g)).toEqual([
    'event="not preloaded" backend=gpu model=bad',
    "event=preloaded backend=gpu model=two",
    "event=preloaded backend=gpu model=one",
  ]);

  const unloaded = await run(router, "unload", "two");
  expect(unloaded).toMatchObject({ status: 0, err: "" });
  expect(unloaded.out).toMatch(/^gpu: two unloaded in \d+\.\d s\n$/);
  expect(await engine.states()).toMatchObject({ one: "loaded", two: "unloaded" });
  expect(await untilStates(router, "gpu", ["failed", "unloaded", "loaded"])).toBeArray();
  expect((await run(router, "ps")).out).toMatch(/ one, bad \(failed: .*\), two \(unloaded\)$/m);
  // there is nothing to do, and so nothing wrong
  expect((await run(router, "unload", "two", "--backend", "gpu")).status).toBe(0);

  const loaded = await run(router, "load", "two");
  expect([loaded.status, loaded.err]).toEqual([0, ""]);
  expect(await engine.states()).toMatchObject({ one: "loaded", two: "loaded" });
  expect((await preloads(router, "gpu")).map(({ state }) => state)).toEqual(["failed", "loaded", "loaded"]);
  // as is what is loaded already
  expect((await run(router, "load", "two")).status).toBe(0);

  const refused = await run(router, "load", "bad");
  expect(refused).toEqual({
    status: 1,
    out: "",
    err: "gpu: the engine has taken the call, and the model is not in memory: its own log may tell why\n",
  });
  const answer = await say(router, "/v1/chat/completions", { model: "one", messages: [QUESTION] });
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: ANSWER } }] });
});

testWithLlama("a model whose room a request took comes back when that is gone", async () => {
  const { engine, router } = await stage({ one: {}, two: {} }, ["one"], 1);
  await untilStates(router, "gpu", ["loaded"]);
  const answer = await say(router, "/v1/chat/completions", { model: "two", messages: [QUESTION] });
  expect(answer.status).toBe(200);
  await untilStates(router, "gpu", ["displaced"]);
  expect(await engine.states()).toEqual({ one: "unloaded", two: "loaded" });
  await run(router, "unload", "two");
  await untilStates(router, "gpu", ["loaded"]);
  expect(await engine.states()).toEqual({ one: "loaded", two: "unloaded" });
});
