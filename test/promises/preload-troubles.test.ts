/** A model that cannot be in memory is told once, keeps nothing else from working, and is loaded as soon as it can be. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import { backendNamed } from "../support/status.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { looksPass, preloads, say, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

test("a failed load is told once, and tried again when the engine comes back", async () => {
  await using engine = warmOllama(["bad", "good"]);
  engine.fail("bad", "out of memory");
  await using router = await warmRouter({ gpu: { engine, preload: ["bad", "good"] } });
  await untilStates(router, "gpu", ["failed", "loaded"]);
  expect((await preloads(router, "gpu"))[0]).toMatchObject({ name: "bad", why: "out of memory" });
  await looksPass(engine);
  expect(engine.calls.map(({ model }) => model)).toEqual(["bad:latest", "good:latest"]);
  for (const times of [1, 2]) {
    await engine.stop();
    await untilStates(router, "gpu", ["waiting", "waiting"]);
    engine.start();
    await untilStates(router, "gpu", ["failed", "loaded"]);
    expect(engine.calls).toHaveLength(2 + 2 * times);
  }
  const told = router.log.text.match(/event="not preloaded".*/g);
  expect(told).toEqual(['event="not preloaded" backend=gpu model=bad why="out of memory"']);
  engine.fail("bad", undefined);
  await engine.stop();
  await untilStates(router, "gpu", ["waiting", "waiting"]);
  engine.start();
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  expect((await preloads(router, "gpu"))[0]).toMatchObject({ why: "" });
});

test("a failed load that a client's request makes good is loaded", async () => {
  await using engine = warmOllama(["m"]);
  engine.fail("m", "busy");
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await untilStates(router, "gpu", ["failed"]);
  engine.fail("m", undefined);
  await say(router, "/api/generate", { model: "m", prompt: "?" });
  await untilStates(router, "gpu", ["loaded"]);
  expect(await preloads(router, "gpu")).toEqual([{ name: "m", model: "m:latest", state: "loaded", why: "" }]);
});

test("a model that is nowhere is told once, and loaded when it is pulled", async () => {
  await using engine = warmOllama(["m"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["late", "m"] } });
  await untilStates(router, "gpu", ["missing", "loaded"]);
  expect((await preloads(router, "gpu"))[0]).toEqual({
    name: "late",
    model: null,
    state: "missing",
    why: "it has no such model",
  });
  await looksPass(engine);
  expect((await say(router, "/api/generate", { model: "m", prompt: "?" })).status).toBe(200);
  expect(router.log.text.match(/event="not preloaded".*/g)).toEqual([
    'event="not preloaded" backend=gpu model=late why="it has no such model"',
  ]);
  const release = engine.hold("late");
  engine.pull("late");
  await untilStates(router, "gpu", ["loading", "loaded"]);
  expect((await preloads(router, "gpu"))[0]).toMatchObject({ why: "" });
  release();
  await untilStates(router, "gpu", ["loaded", "loaded"]);
});

test("`ollama rm` of one makes it missing, and a pull brings it back", async () => {
  await using engine = warmOllama(["m", "n"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["m", "n"] } });
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  // what the command does
  await say(router, "/api/show", { model: "m" });
  await say(router, "/api/generate", { model: "m", keep_alive: "0s" });
  const removed = await fetch(`${router.url}/api/delete`, { method: "DELETE", body: '{"model":"m"}' });
  expect(removed.status).toBe(200);
  await untilStates(router, "gpu", ["missing", "loaded"]);
  engine.pull("m");
  await untilStates(router, "gpu", ["loaded", "loaded"]);
});

test("loads are no requests: they take no place, and count for no breaker", async () => {
  await using engine = warmOllama(["slow", "bad", "m"]);
  engine.fail("bad", "no");
  const release = engine.hold("slow");
  await using router = await warmRouter({
    gpu: { engine, preload: ["slow", "bad"], more: "max_inflight = 1\nfailures = 1" },
  });
  await untilStates(router, "gpu", ["loading", "waiting"]);
  expect((await backendNamed("gpu", router)).inflight).toBe(0);
  expect((await say(router, "/api/generate", { model: "m", prompt: "?" })).status).toBe(200);
  release();
  await untilStates(router, "gpu", ["loaded", "failed"]);
  const { breaker, inflight } = await backendNamed("gpu", router);
  expect([breaker.state, breaker.failures, inflight]).toEqual(["closed", 0, 0]);
  await eventually(engine.memory, (memory) => memory.length === 2);
});
