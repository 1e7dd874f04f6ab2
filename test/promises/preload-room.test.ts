/** Models that are to be in memory do not fight for its room: whoever came last stays. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import { warmOllama } from "../support/warm-ollama.ts";
import { looksPass, say, untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

test("a model whose room another took is left alone until that is gone", async () => {
  await using engine = warmOllama(["m", "big"], { room: 1 });
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await untilStates(router, "gpu", ["loaded"]);
  engine.take("big");
  await untilStates(router, "gpu", ["displaced"]);
  await looksPass(engine);
  expect([engine.calls.length, engine.memory()]).toEqual([1, ["big:latest"]]);
  engine.drop("big");
  await untilStates(router, "gpu", ["loaded"]);
  expect([engine.calls.length, engine.memory()]).toEqual([2, ["m:latest"]]);
});

test("a client's own request that takes the room is no less respected, and brings the model back", async () => {
  await using engine = warmOllama(["m", "big"], { room: 1 });
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await untilStates(router, "gpu", ["loaded"]);
  await say(router, "/api/generate", { model: "big", prompt: "?" });
  await untilStates(router, "gpu", ["displaced"]);
  await say(router, "/api/generate", { model: "m", prompt: "?" });
  await untilStates(router, "gpu", ["loaded"]);
  expect(engine.calls.map(({ model }) => model)).toEqual(["m:latest", "big:latest", "m:latest"]);
});

test("an engine that is asked for another while it loads a model gives that the room", async () => {
  await using engine = warmOllama(["m", "big"]);
  const release = engine.hold("m");
  await using router = await warmRouter({ gpu: { engine, preload: ["m"] } });
  await untilStates(router, "gpu", ["loading"]);
  engine.take("big");
  engine.fail("m", "no room");
  release();
  await untilStates(router, "gpu", ["displaced"]);
  engine.fail("m", undefined);
  engine.drop("big");
  await untilStates(router, "gpu", ["loaded"]);
  expect(engine.calls.map(({ model }) => model)).toEqual(["m:latest", "m:latest"]);
});

test("two that do not fit together do not take turns", async () => {
  await using engine = warmOllama(["a", "b"], { room: 1 });
  await using router = await warmRouter({ gpu: { engine, preload: ["a", "b"] } });
  await untilStates(router, "gpu", ["displaced", "loaded"]);
  await looksPass(engine);
  expect(engine.calls.map(({ model }) => model)).toEqual(["a:latest", "b:latest"]);
});

test("nor do those that are asked for again: whoever has lost its room since is not", async () => {
  await using engine = warmOllama(["m", "big"], { room: 1 });
  await using router = await warmRouter(
    { gpu: { engine, preload: ["m"], more: 'keep_alive = "3s"' } },
    "",
    '[health]\nprobe_interval = "1h"\nprobe_timeout = "30s"\n',
  );
  await untilStates(router, "gpu", ["loaded"]);
  engine.take("big");
  // the look before it would be asked for
  await untilStates(router, "gpu", ["displaced"]);
  expect([engine.calls.length, engine.memory()]).toEqual([1, ["big:latest"]]);
});

test("one that left by itself has lost no room, whoever else is there", async () => {
  await using engine = warmOllama(["a", "b"]);
  await using router = await warmRouter({ gpu: { engine, preload: ["a", "b"] } });
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  engine.drop("a");
  await eventually(
    () => engine.calls.length,
    (count) => count === 3,
  );
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  expect(engine.calls.map(({ model }) => model)).toEqual(["a:latest", "b:latest", "a:latest"]);
});
