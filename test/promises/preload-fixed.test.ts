/** Where models cannot leave memory, a preload is harmless: nobody is called, and an unload says why it cannot be. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { command } from "../support/mellamo.ts";
import { untilStates, warmRouter } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

function silent(): Promise<RawBackend> {
  return rawBackend(["m"], (talk) => talk.answer(404, "{}"));
}

const TITLES = { vllm: "vLLM", sglang: "SGLang", llamacpp: "llama.cpp", openai: "OpenAI-compatible" };

test.each(Object.entries(TITLES))("%s", async (name, title) => {
  await using engine = await silent();
  await using router = await warmRouter({
    gpu: { engine, preload: ["m", "other"], more: `engine = "${name}"\nkeep_alive = "1h"` },
  });
  await untilStates(router, "gpu", ["loaded", "missing"]);
  const at = ["--server", `127.0.0.1:${router.port}`];
  expect((await command(["load", "m", ...at])).status).toBe(0);
  const { status, out, err } = await command(["unload", "m", ...at]);
  expect([status, out]).toEqual([1, ""]);
  expect(err).toBe(`gpu: ${title} keeps it in memory as long as it runs\n`);
  await untilStates(router, "gpu", ["loaded", "missing"]);
  expect(engine.talks.filter(({ method }) => method !== "GET")).toEqual([]);
});
