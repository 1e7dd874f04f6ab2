/** What is to be in memory is loaded when its engine is there: in order, one at a time, with the parameters of requests. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { looksPass, preloads, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

test("models are loaded at the start, in their order and one at a time", async () => {
  await using engine = warmOllama(["c", "a", "b", "other"]);
  const [first, second] = [engine.hold("b"), engine.hold("a")];
  await using router = await warmRouter({ gpu: { engine, preload: ["b", "a", "c"] } });
  expect(await untilStates(router, "gpu", ["loading", "waiting", "waiting"])).toBeArray();
  await looksPass(engine);
  expect(engine.calls.map(({ model }) => model)).toEqual(["b:latest"]);
  first();
  await untilStates(router, "gpu", ["loaded", "loading", "waiting"]);
  second();
  await untilStates(router, "gpu", ["loaded", "loaded", "loaded"]);
  expect(engine.calls.map(({ path, body }) => [path, body])).toEqual(
    ["b:latest", "a:latest", "c:latest"].map((model) => ["/api/generate", { model, stream: false }]),
  );
  expect(engine.mostLoads()).toBe(1);
  expect(router.log.text.match(/event=preloaded backend=gpu model=\w/g)).toHaveLength(3);
});

test("two backends load side by side", async () => {
  await using one = warmOllama(["m"]);
  await using two = warmOllama(["m"]);
  const releases = [one.hold("m"), two.hold("m")];
  await using router = await warmRouter({
    one: { engine: one, preload: ["m"] },
    two: { engine: two, preload: ["m"] },
  });
  await untilStates(router, "one", ["loading"]);
  await untilStates(router, "two", ["loading"]);
  for (const release of releases) release();
  await untilStates(router, "one", ["loaded"]);
  await untilStates(router, "two", ["loaded"]);
});

test("an engine that was down is loaded when it is there, and again after each outage", async () => {
  await using engine = warmOllama(["m"]);
  await engine.stop();
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  expect(await untilStates(router, "gpu", ["waiting"])).toEqual(["waiting"]);
  for (let times = 1; times <= 2; times++) {
    engine.start();
    await untilStates(router, "gpu", ["loaded"]);
    expect(engine.calls).toHaveLength(times);
    await engine.stop();
    await untilStates(router, "gpu", ["waiting"]);
  }
});

test("an engine that loses everything between two looks is loaded again", async () => {
  await using engine = warmOllama(["a", "b"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["a", "b"] } });
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  engine.drop();
  await eventually(engine.memory, (memory) => memory.length === 2);
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  expect(router.log.text).not.toContain("backend down");
});

test("a model that does nothing but embed is loaded by the call that it fits", async () => {
  await using engine = warmOllama(["e"], { embedders: ["e"] });
  await using router = await warmRouter({ gpu: { engine, preload: ["e"], more: 'keep_alive = "1h"' } });
  await untilStates(router, "gpu", ["loaded"]);
  expect(engine.calls.map(({ path }) => path)).toEqual(["/api/generate", "/api/embed"]);
  for (const { body } of engine.calls) expect(body).toMatchObject({ model: "e:latest", keep_alive: 3600 });
  expect(engine.memory()).toEqual(["e:latest"]);
});

test("a load carries what requests for the same name get", async () => {
  await using engine = warmOllama(["m", "n"]);
  await using router = await warmRouter(
    { gpu: { engine, preload: ["quick", "n"], more: "options = { num_ctx = 1024, seed = 1 }" } },
    `[defaults]
keep_alive = "2h"
options = { num_ctx = 512, temperature = 0.5 }
[models]
"m" = { force = { options = { num_ctx = 2048 } } }
[aliases]
quick = { targets = ["m"], options = { temperature = 0, num_ctx = 3 }, keep_alive = -1 }
`,
  );
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  const [quick, n] = engine.calls.map(({ body }) => body);
  for (const model of ["quick", "n"])
    await fetch(`${router.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({ model, prompt: "?" }),
    });
  const [asQuick, asN] = engine.calls.slice(2).map(({ body }) => body);
  expect(quick).toEqual({
    model: "m:latest",
    options: { num_ctx: 2048, seed: 1, temperature: 0 },
    keep_alive: -1,
    stream: false,
  });
  expect([asQuick?.["options"], asQuick?.["keep_alive"]]).toEqual([
    quick?.["options"],
    quick?.["keep_alive"],
  ]);
  expect(n).toMatchObject({ options: { num_ctx: 1024, seed: 1, temperature: 0.5 }, keep_alive: 7200 });
  expect([asN?.["options"], asN?.["keep_alive"]]).toEqual([n?.["options"], n?.["keep_alive"]]);
  expect(engine.contextOf("m")).toBe(2048);
  expect((await preloads(router, "gpu")).map(({ model }) => model)).toEqual(["m:latest", "n:latest"]);
});
