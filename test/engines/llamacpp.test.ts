/** What a llama-server's list tells of its models. */

import { describe, expect, test } from "bun:test";

import { llamacpp } from "../../src/engines/llamacpp.ts";
import { askOf } from "../../src/fleet/ask.ts";
import { captured } from "../support/captures.ts";
import { LLAMA_LOADING, LLAMA_ROUTER } from "../support/engine-shapes.ts";
import { backendAt, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { replayedLlamaServer } from "../support/replay.ts";

async function listOf(pages: Pages): ReturnType<typeof llamacpp.list> {
  await using engine = fakeEngine(pages);
  return await llamacpp.list(askOf(backendAt(engine.url)));
}

describe("with one model", () => {
  test("it has that one, always in memory", async () => {
    await using engine = await replayedLlamaServer();
    const listing = await llamacpp.list(askOf(backendAt(engine.url)));
    expect(listing?.models).toHaveLength(1);
    expect(listing?.models[0]).toMatchObject({
      id: "tiny",
      loaded: true,
      sizeBytes: 785408,
      ownedBy: "llamacpp",
      format: "gguf",
      parameterSize: "392K",
      contextLength: 2048,
      capabilities: ["completion"],
    });
  });

  test.each([
    [
      ["completion", "multimodal"],
      ["completion", "vision"],
    ],
    [["embedding"], ["embedding"]],
  ])("what it can do, %p, is said in Ollama's words", async (capabilities, words) => {
    const list = captured("llama-models") as { readonly models: readonly object[] };
    const models = list.models.map((row) => ({ ...row, capabilities }));
    const listing = await listOf({ pages: { "/v1/models": { ...list, models } } });
    expect(listing?.models[0]?.capabilities).toEqual(words);
  });
});

describe("with several models", () => {
  test("in memory are those that it has loaded", async () => {
    const listing = await listOf(LLAMA_ROUTER);
    expect(listing?.models.map(({ id, loaded }) => [id, loaded])).toEqual([
      ["ggml-org/gemma-3-4b-it-GGUF:Q4_K_M", true],
      ["Qwen/Qwen3-8B-GGUF:Q4_K_M", false],
      ["slow", false],
      ["idle", false],
      ["broken", false],
    ]);
  });
});

test("while it loads its model it has no list", async () => {
  expect(await listOf(LLAMA_LOADING)).toBeUndefined();
});

test("rows that make no sense do not cost the others", async () => {
  const strange = [null, 7, "tiny", {}, { id: 7 }];
  const odd = { id: "odd", owned_by: 1, meta: { n_ctx: "x", n_params: -1, size: null }, status: "loaded" };
  const data = [...strange, odd, { id: "bare", meta: null }];
  const listing = await listOf({ pages: { "/v1/models": { data, models: "none" } } });
  expect(listing?.models.map(({ id }) => id)).toEqual(["odd", "bare"]);
  expect(listing?.models[0]).toMatchObject({ sizeBytes: 0, parameterSize: "", contextLength: undefined });
});
