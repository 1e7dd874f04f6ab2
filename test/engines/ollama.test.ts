/** What an Ollama's lists tell of its models. */

import { describe, expect, test } from "bun:test";

import type { Ask, Listing } from "../../src/engines/engine.ts";
import { ollama } from "../../src/engines/ollama.ts";
import { askOf } from "../../src/fleet/ask.ts";
import { captured } from "../support/captures.ts";
import { backendAt, fakeEngine, type Page, SILENCE } from "../support/fake-engine.ts";
import { replayedOllama } from "../support/replay.ts";

const TAGS = captured("ollama-tags") as { readonly models: readonly object[] };

async function listOf(pages: Readonly<Record<string, Page>>): Promise<Listing | undefined> {
  await using engine = fakeEngine({ pages });
  const ask: Ask = askOf(backendAt(engine.url));
  return await ollama.list(ask);
}

async function modelsOf(pages: Readonly<Record<string, Page>>): Promise<Listing["models"]> {
  return (await listOf(pages))?.models ?? [];
}

test("its models, as it lists them", async () => {
  await using engine = await replayedOllama();
  const listing = await ollama.list(askOf(backendAt(engine.url)));
  expect(listing?.version).toBe("0.33.0");
  const model = listing?.models.find(({ id }) => id === "tinyembed:latest");
  expect(model).toMatchObject({
    sizeBytes: 796372,
    format: "gguf",
    family: "llama",
    parameterSize: "392K",
    quantization: "F16",
    contextLength: 4096,
    capabilities: ["completion"],
  });
  expect(listing?.models.find(({ id }) => id === "tiny:latest")).toMatchObject({
    digest: "d7659bcc19d3e691cab46789888b63f19ae01c2e87a8ce7d6edcf1ef586bbb21",
    modifiedAt: "2026-11-21T04:35:21.091541112Z",
  });
});

test("its rows keep fields that are not read", async () => {
  const models = await modelsOf({ "/api/tags": TAGS, "/api/ps": captured("ollama-ps") });
  const remote = models.find(({ id }) => id === "tinyremote:latest");
  expect(remote?.tagsRow).toMatchObject({ remote_model: "test", remote_host: "http://127.0.0.1:1" });
  const tiny = models.find(({ id }) => id === "tiny:latest");
  expect(tiny?.psRow).toMatchObject({ size: 9458155, expires_at: "2026-11-21T04:40:28.488581506Z" });
});

describe("what is in memory", () => {
  test("is what it says is running", async () => {
    const models = await modelsOf({ "/api/tags": TAGS, "/api/ps": captured("ollama-ps") });
    const loaded = models.filter((model) => model.loaded).map(({ id }) => id);
    expect(loaded.toSorted()).toEqual(["tiny:latest", "tinythink:latest"]);
  });

  test("is also a copy of what is running, which Ollama shows under one name alone", async () => {
    const [tiny] = TAGS.models.filter((row) => Reflect.get(row, "name") === "tiny:latest");
    const copy = { ...tiny, name: "tinycopy:latest", model: "tinycopy:latest" };
    const running = captured("ollama-ps-after-copied-model") as typeof TAGS;
    expect(running.models.map((row) => Reflect.get(row, "name"))).not.toContain("tinycopy:latest");
    const models = await modelsOf({ "/api/tags": { models: [...TAGS.models, copy] }, "/api/ps": running });
    expect(models.find(({ id }) => id === "tinycopy:latest")?.loaded).toBe(true);
    expect(models.find(({ id }) => id === "tinyplain:latest")?.loaded).toBe(false);
  });

  test("is not every model without a digest, because one of them is", async () => {
    const models = await modelsOf({
      "/api/tags": { models: [{ name: "a" }, { name: "b" }] },
      "/api/ps": { models: [{ name: "a" }] },
    });
    expect(models.map(({ loaded }) => loaded)).toEqual([true, false]);
  });

  test.each([
    ["as much context as it was loaded with", { context_length: 1024 }, 1024],
    ["as much as the model can, where that is not told", {}, 4096],
  ])("has %s", async (_, told, contextLength) => {
    const running = { models: [{ name: "tiny:latest", ...told }] };
    const models = await modelsOf({ "/api/tags": TAGS, "/api/ps": running });
    expect(models.find(({ id }) => id === "tiny:latest")).toMatchObject({ loaded: true, contextLength });
  });
});

test.each<[string, Readonly<Record<string, Page>>]>([
  ["has no list of what is running", {}],
  ["answers it with an error", { "/api/ps": () => Response.json({ error: "no" }, { status: 500 }) }],
  ["runs nothing", { "/api/ps": captured("ollama-ps-empty") }],
])("nothing is in memory of an Ollama that %s", async (_, pages) => {
  const models = await modelsOf({ "/api/tags": TAGS, ...pages });
  expect(models).toHaveLength(9);
  expect(models.filter(({ loaded }) => loaded)).toEqual([]);
});

test("rows that make no sense do not cost the others", async () => {
  const strange = [null, 7, "tiny", [], {}, { name: 7 }, { model: "nameless" }];
  const odd = {
    name: "odd",
    model: 1,
    modified_at: 2,
    size: "3",
    digest: 4,
    details: "5",
    capabilities: "6",
  };
  const sparse = {
    name: "sparse",
    model: null,
    details: { family: null, context_length: "x" },
    capabilities: [1],
  };
  const models = await modelsOf({ "/api/tags": { models: [...strange, odd, sparse, ...TAGS.models] } });
  expect(models.map(({ id }) => id).slice(0, 3)).toEqual(["odd", "sparse", "tinysys:latest"]);
  expect(models).toHaveLength(11);
  expect(models[0]).toMatchObject({ sizeBytes: 0, digest: "", family: "", contextLength: undefined });
});

test.each<[string, Page]>([
  ["a web page", "<!doctype html>"],
  ["an error", { error: "no" }],
  ["another list", { data: [] }],
  ["a list of its own", []],
  ["null", null],
])("%s is no list of models", async (_, page) => {
  expect(await listOf({ "/api/tags": page })).toBeUndefined();
});

test("an Ollama that has none lists no models", async () => {
  expect(await listOf({ "/api/tags": { models: [] } })).toMatchObject({ models: [], version: undefined });
});

test("one that is slow to say what it runs, or its version, has its models all the same", async () => {
  const pages = { "/api/tags": TAGS, "/api/ps": SILENCE, "/api/version": SILENCE };
  await using engine = fakeEngine({ pages });
  const listing = await ollama.list(askOf(backendAt(engine.url, { probeTimeoutMs: 300 })));
  expect(listing?.models.map(({ loaded }) => loaded)).toEqual(TAGS.models.map(() => false));
});
