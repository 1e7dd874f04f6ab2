/** What LM Studio's lists tell of its models, since its version 0.4 and before it. */

import { describe, expect, test } from "bun:test";

import { lmstudio } from "../../src/engines/lmstudio.ts";
import { askOf } from "../../src/fleet/ask.ts";
import { backendAt, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { LMSTUDIO_EMPTY, LMSTUDIO_NEW, LMSTUDIO_OLD } from "../support/lmstudio-shapes.ts";

async function listOf(pages: Pages): ReturnType<typeof lmstudio.list> {
  await using engine = fakeEngine(pages);
  return await lmstudio.list(askOf(backendAt(engine.url)));
}

const BOTH = { ...LMSTUDIO_NEW.pages, ...LMSTUDIO_OLD.pages };

describe("since 0.4", () => {
  test("its own list is read, and not the older one beside it", async () => {
    const listing = await listOf({ ...LMSTUDIO_NEW, pages: BOTH });
    expect(listing?.models.map(({ id }) => id)).toEqual([
      "qwen/qwen3-8b",
      "google/gemma-3-4b",
      "text-embedding-nomic-embed-text-v1.5",
    ]);
  });

  test("a model with an instance is in memory, with that one's context", async () => {
    const listing = await listOf(LMSTUDIO_NEW);
    expect(listing?.models[0]).toMatchObject({
      loaded: true,
      sizeBytes: 5027783872,
      ownedBy: "qwen",
      format: "gguf",
      family: "qwen3",
      parameterSize: "8B",
      quantization: "Q4_K_M",
      contextLength: 8192,
      capabilities: ["completion", "tools"],
    });
  });

  test("one without is not, and has as much context as it can have", async () => {
    const listing = await listOf(LMSTUDIO_NEW);
    expect(listing?.models[1]).toMatchObject({
      loaded: false,
      parameterSize: "",
      quantization: "",
      contextLength: 131072,
      capabilities: ["completion", "vision"],
    });
  });

  test("a model for embeddings is no model to chat with", async () => {
    expect((await listOf(LMSTUDIO_NEW))?.models[2]?.capabilities).toEqual(["embedding"]);
  });
});

describe("before 0.4", () => {
  test.each([
    ["qwen/qwen3-8b", { loaded: true, contextLength: 8192, capabilities: ["completion", "tools"] }],
    ["gemma-3-4b-it@q8_0", { loaded: false, contextLength: 131072, capabilities: ["completion", "vision"] }],
    ["text-embedding-nomic-embed-text-v1.5", { loaded: false, capabilities: ["embedding"] }],
  ])("%s", async (id, known) => {
    const listing = await listOf(LMSTUDIO_OLD);
    expect(listing?.models.find((model) => model.id === id)).toMatchObject(known);
  });

  test("a model that is being loaded is not in memory yet", async () => {
    const data = [{ id: "slow", state: "loading" }];
    const listing = await listOf({ ...LMSTUDIO_OLD, pages: { "/api/v0/models": { data } } });
    expect(listing?.models.map(({ id, loaded }) => [id, loaded])).toEqual([["slow", false]]);
  });
});

test("without models it has an empty list", async () => {
  expect(await listOf(LMSTUDIO_EMPTY)).toEqual({ models: [], version: undefined });
});

test("rows that make no sense do not cost the others", async () => {
  const strange = [null, 7, "tiny", {}, { key: 7 }, { id: "of the older list" }];
  const odd = {
    key: "odd",
    type: 1,
    size_bytes: "5",
    quantization: "Q4",
    params_string: 8,
    loaded_instances: "none",
    capabilities: [],
    max_context_length: null,
  };
  const models = [...strange, odd, { key: "bare" }];
  const listing = await listOf({ pages: { "/api/v1/models": { models } } });
  expect(listing?.models.map(({ id, loaded }) => [id, loaded])).toEqual([
    ["odd", false],
    ["bare", false],
  ]);
});

test("rows of the older list without a state are not LM Studio's", async () => {
  const data = [null, { id: "anybody's" }, { id: "odd", state: "asleep" }, { id: "ours", state: "loaded" }];
  const listing = await listOf({ ...LMSTUDIO_OLD, pages: { "/api/v0/models": { data } } });
  expect(listing?.models.map(({ id }) => id)).toEqual(["ours"]);
});
