/** `[listing] only = "running"` shows and serves what is in memory, where it is; it comes and goes with the engine's own list. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { eventually } from "../support/eventually.ts";
import { answerers, everywhere, listsOf, modelIn, statuses, tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";

setDefaultTimeout(20_000);

const RUNNING = '[listing]\nonly = "running"\n';
const OFTEN = '[health]\nprobe_interval = "50ms"\n';
const MODELS = ["m:latest", "idle:latest", "ours:latest"];

test("a model is asked where it is loaded, never where it would have to be loaded", async () => {
  await using first = await tellingOllama("first", MODELS);
  await using second = await tellingOllama("second", MODELS);
  second.list(MODELS, ["m:latest"]);
  await using router = await routerOver(
    {
      first: { url: first.url, engine: "ollama", priority: 200 },
      second: { url: second.url, engine: "ollama" },
    },
    `${RUNNING}[models]\nours = { keep_alive = "1h" }\n`,
  );
  expect(await statuses(router, "M")).toEqual(everywhere(200));
  expect(await statuses(router, "idle")).toEqual(everywhere(404));
  expect(await answerers(router, "m")).toEqual(["second m:latest"]);
  expect(await answerers(router, "ours")).toEqual(["first ours:latest"]);
  expect(new Set(first.talks.map(({ body }) => modelIn(body)))).toEqual(new Set(["ours:latest"]));
  expect(await listsOf(router)).toEqual({
    tags: ["m:latest", "ours:latest"],
    ps: ["m:latest"],
    models: ["m:latest", "ours:latest"],
  });
});

test("where the one that has it in memory fails, nobody else is asked to load it", async () => {
  await using first = await tellingOllama("first", MODELS);
  await using second = await tellingOllama("second", MODELS);
  first.list(MODELS, ["m:latest"]);
  first.behave((talk) => talk.answer(503, '{"error":"broken"}'));
  await using router = await routerOver(
    { first: { url: first.url, engine: "ollama" }, second: { url: second.url, engine: "ollama" } },
    RUNNING,
  );
  expect(await answerers(router, "m", 1)).toEqual(["503"]);
  expect([first.talks.length, second.talks.length]).toEqual([1, 0]);
});

test("it appears when somebody loads it, and is unknown again when it has left the memory", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } }, RUNNING + OFTEN);
  const lists = (isRight: (names: readonly string[]) => boolean) =>
    eventually(
      () => listsOf(router),
      ({ tags }) => isRight(tags),
    );
  expect(await listsOf(router)).toEqual({ tags: [], ps: [], models: [] });
  expect(await answerers(router, "m", 1)).toEqual(["404"]);

  ollama.list(MODELS, ["m:latest"]);
  const all = { tags: ["m:latest"], ps: ["m:latest"], models: ["m:latest"] };
  expect(await lists(({ length }) => length > 0)).toEqual(all);
  expect(await answerers(router, "m", 1)).toEqual(["a m:latest"]);

  ollama.list(MODELS, []);
  expect(await lists(({ length }) => length === 0)).toEqual({ tags: [], ps: [], models: [] });
  expect(await answerers(router, "m", 1)).toEqual(["404"]);
});

test("whoever asks for what was loaded a moment ago is served: an unknown name is looked for once more", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  await using router = await routerOver(
    { a: { url: ollama.url, engine: "ollama" } },
    `${RUNNING}[health]\nprobe_interval = "1h"\n`,
  );
  ollama.list(MODELS, ["m:latest"]);
  expect(await answerers(router, "m", 1)).toEqual(["a m:latest"]);
});

test("engines that always hold their models count as running", async () => {
  const tell = (name: string) => rawBackend([name], (talk) => talk.answer(200, `{"from":"${name}","of":""}`));
  await using vllm = await tell("Qwen/Qwen3");
  await using openai = await tell("other");
  await using router = await routerOver(
    { vllm: { url: vllm.url, engine: "vllm" }, openai: { url: openai.url, engine: "openai" } },
    RUNNING,
  );
  expect((await listsOf(router)).models).toEqual(["Qwen/Qwen3", "other"]);
  const asked = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: '{"model":"qwen/qwen3","messages":[]}',
  });
  expect(await asked.json()).toEqual({ from: "Qwen/Qwen3", of: "" });
});

test("lists keep what was in memory of a backend that went down, which serves it as soon as it is back", async () => {
  await using ollama = await tellingOllama("a", MODELS);
  ollama.list(MODELS, ["m:latest"]);
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } }, RUNNING + OFTEN);
  await ollama.stop();
  await router.log.until(/event="backend down"/);
  expect(await listsOf(router)).toEqual({ tags: ["m:latest"], ps: [], models: ["m:latest"] });
  expect(await answerers(router, "m", 1)).toEqual(["503"]);
  await ollama.start();
  await eventually(
    () => answerers(router, "m", 1),
    ([answer]) => answer === "a m:latest",
  );
});
