/** Lists show the models of all backends as if they were one. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { canned, type FakeEngine } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

interface Tags {
  readonly models: readonly { readonly name: string; readonly [field: string]: unknown }[];
}

interface Models {
  readonly data: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

let engines: FakeEngine[] = [];
let router: Mellamo;

const REMOTE = tagsRow("far:cloud", {
  modified_at: "2026-01-01T00:00:00Z",
  remote_model: "far",
  remote_host: "https://ollama.com:443",
  unheard_of: { field: 1 },
});

beforeAll(async () => {
  const older = canned(
    ollamaLists([
      tagsRow("shared:latest", { modified_at: "2026-02-01T00:00:00Z", digest: "a".repeat(64), size: 1 }),
      tagsRow("early:1b", { modified_at: "2026-02-05T10:00:00+02:00" }),
      REMOTE,
    ]),
  );
  const newer = canned(
    ollamaLists([
      tagsRow("shared:latest", { modified_at: "2026-02-03T00:00:00Z", digest: "b".repeat(64), size: 2 }),
      tagsRow("late:1b", { modified_at: "2026-02-05T09:00:00Z" }),
    ]),
  );
  const llama = canned({
    "/v1/models": {
      data: [
        {
          id: "Meta-Llama-3.1-8B.gguf",
          owned_by: "llamacpp",
          meta: {
            n_ctx: 8192,
            n_ctx_train: 131072,
            n_params: 8030261248,
            size: 4912898304,
            ftype: "Q4_K - Medium",
          },
        },
      ],
      models: [{ model: "Meta-Llama-3.1-8B.gguf", capabilities: ["completion", "multimodal"] }],
    },
  });
  const vllm = canned({
    "/v1/models": { data: [{ id: "Qwen/Qwen3-8B", owned_by: "vllm", max_model_len: 40960 }] },
    "/version": { version: "0.10.0" },
  });
  engines = [older, newer, llama, vllm];
  router = await routerOver({
    older: { url: older.url, engine: "ollama" },
    newer: { url: newer.url, engine: "ollama" },
    llama: { url: llama.url, engine: "llamacpp" },
    vllm: { url: vllm.url, engine: "vllm" },
    dead: { url: NOBODY },
  });
});

afterAll(async () => {
  await Promise.all([router, ...engines].map((one) => one[Symbol.asyncDispose]()));
});

async function tags(): Promise<Tags> {
  return (await (await fetch(`${router.url}/api/tags`)).json()) as Tags;
}

async function models(): Promise<Models> {
  return (await (await fetch(`${router.url}/v1/models`)).json()) as Models;
}

test("/api/tags has every model once, under a name with a tag, newest first", async () => {
  const names = (await tags()).models.map(({ name }) => name);
  expect(names.slice(0, 2).sort()).toEqual(["Meta-Llama-3.1-8B.gguf:latest", "Qwen/Qwen3-8B:latest"]);
  expect(names.slice(2)).toEqual(["late:1b", "early:1b", "shared:latest", "far:cloud"]);
});

test("/v1/models has the same in the same order, under the engines' own names", async () => {
  const ids = (await models()).data.map(({ id }) => id);
  const tagged = (await tags()).models.map(({ name }) => name);
  expect(ids.map((id) => (/:[^/]*$/.test(id) ? id : `${id}:latest`))).toEqual(tagged);
  expect(ids).toContain("Qwen/Qwen3-8B");
  expect(ids).toContain("shared:latest");
});

test("name and model of a row are the same", async () => {
  for (const row of (await tags()).models) expect(row["model"]).toBe(row.name);
});

test("of a model on two backends the newest speaks for both", async () => {
  const row = (await tags()).models.find(({ name }) => name === "shared:latest");
  expect(row).toMatchObject({ size: 2, digest: "b".repeat(64), modified_at: "2026-02-03T00:00:00Z" });
});

test("an Ollama's own row keeps fields that nobody here has heard of", async () => {
  const { details: _, ...others } = REMOTE;
  expect((await tags()).models.at(-1)).toMatchObject(others);
});

test("a row for another engine is made up from what it tells", async () => {
  const rows = (await tags()).models;
  expect(rows.find(({ name }) => name.startsWith("Meta"))).toEqual({
    name: "Meta-Llama-3.1-8B.gguf:latest",
    model: "Meta-Llama-3.1-8B.gguf:latest",
    modified_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    size: 4912898304,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    details: {
      parent_model: "",
      format: "gguf",
      family: "",
      families: [],
      parameter_size: "8.0B",
      quantization_level: "Q4_K - Medium",
    },
    capabilities: ["completion", "vision"],
  });
  expect(rows.find(({ name }) => name.startsWith("Qwen"))).toMatchObject({
    size: 0,
    capabilities: ["completion"],
  });
});

test("what is made up is the same on every call", async () => {
  expect(await tags()).toEqual(await tags());
  expect(await models()).toEqual(await models());
});

test("/v1/models is a list that OpenAI's clients and Anthropic's both read", async () => {
  const { data, ...list } = await models();
  expect(list).toEqual({
    object: "list",
    has_more: false,
    first_id: data[0]?.id,
    last_id: "far:cloud",
  });
  expect(data.find(({ id }) => id === "shared:latest")).toEqual({
    id: "shared:latest",
    object: "model",
    created: 1770076800,
    owned_by: "library",
    type: "model",
    display_name: "shared:latest",
    created_at: "2026-02-03T00:00:00.000Z",
    max_model_len: 4096,
  });
  expect(data.find(({ id }) => id === "Qwen/Qwen3-8B")).toMatchObject({
    owned_by: "vllm",
    max_model_len: 40960,
  });
});

test.each([
  ["/api/tags", "application/json; charset=utf-8"],
  ["/api/ps", "application/json; charset=utf-8"],
  ["/v1/models", "application/json"],
])("%s has the type that Ollama gives it", async (path, type) => {
  expect((await fetch(router.url + path)).headers.get("content-type")).toBe(type);
});

test("HEAD /api/tags tells the list's length and sends none of it", async () => {
  const whole = await say(router.port, "GET /api/tags");
  const head = await say(router.port, "HEAD /api/tags");
  expect([head.status, head.body]).toEqual([200, ""]);
  expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(whole.body)));
});

test.each<[string, Record<string, unknown>, string]>([
  ["no backend is up", {}, NOBODY],
  ["an Ollama has no models", ollamaLists([]), ""],
])("lists are empty and never null where %s", async (_, answers, url) => {
  await using engine = canned(answers);
  await using empty = await routerOver({ a: { url: url || engine.url, engine: "ollama" } });
  const bodies = await Promise.all(
    ["/api/tags", "/api/ps", "/v1/models"].map(async (path) => (await fetch(empty.url + path)).text()),
  );
  expect(bodies).toEqual([
    '{"models":[]}',
    '{"models":[]}',
    '{"object":"list","data":[],"has_more":false,"first_id":null,"last_id":null}\n',
  ]);
});
