/** What the engines with OpenAI's list tell of their models, which are always in memory as far as anybody can see. */

import { expect, test } from "bun:test";

import type { Engine } from "../../src/engines/engine.ts";
import { openai } from "../../src/engines/openai.ts";
import { sglang } from "../../src/engines/sglang.ts";
import { vllm } from "../../src/engines/vllm.ts";
import { askOf } from "../../src/fleet/ask.ts";
import { SGLANG, VLLM } from "../support/engine-shapes.ts";
import { backendAt, fakeEngine, type Page, type Pages } from "../support/fake-engine.ts";
import { GENERIC, LEMONADE, LOCALAI } from "../support/imitator-shapes.ts";

async function listOf(engine: Engine, pages: Pages): ReturnType<Engine["list"]> {
  await using server = fakeEngine(pages);
  return await engine.list(askOf(backendAt(server.url)));
}

const ENGINES = [vllm, sglang, openai].map((engine) => [engine.title, engine] as const);

test("a vLLM has its model and the adapters, and tells its version", async () => {
  const listing = await listOf(vllm, VLLM);
  expect(listing?.version).toBe("0.11.0");
  expect(listing?.models).toMatchObject([
    { id: "Qwen/Qwen3-8B", loaded: true, ownedBy: "vllm", contextLength: 32768 },
    { id: "sql-lora", loaded: true, contextLength: undefined },
  ]);
});

test("a vLLM that tells no version has its models all the same", async () => {
  const { "/version": _, ...pages } = VLLM.pages;
  const listing = await listOf(vllm, { ...VLLM, pages });
  expect(listing?.version).toBeUndefined();
  expect(listing?.models).toHaveLength(2);
});

test.each<[string, Engine, Pages, object]>([
  ["SGLang", sglang, SGLANG, { id: "meta-llama/Llama-3.1-8B-Instruct", contextLength: 131072 }],
  ["LocalAI", openai, LOCALAI, { id: "phi-4" }],
  ["Lemonade", openai, LEMONADE, { id: "Qwen3-0.6B-GGUF", ownedBy: "lemonade" }],
  ["any other", openai, GENERIC, { id: "gpt-4o", ownedBy: "openai" }],
])("%s", async (_, engine, pages, model) => {
  expect((await listOf(engine, pages))?.models).toMatchObject([{ loaded: true, ...model }]);
});

test.each(ENGINES)("rows that make no sense do not cost %s the others", async (_, engine) => {
  const data = [
    null,
    7,
    "tiny",
    [],
    {},
    { id: 7 },
    { id: "odd", owned_by: 1, max_model_len: "x" },
    { id: "bare" },
  ];
  const listing = await listOf(engine, { pages: { "/v1/models": { object: "list", data } } });
  expect(listing?.models.map(({ id }) => id)).toEqual(["odd", "bare"]);
});

const NO_LISTS: readonly (readonly [string, Page])[] = [
  ["a web page", "<!doctype html>"],
  ["an error", () => Response.json({ error: { message: "no" } }, { status: 500 })],
  ["a refusal without a key", () => Response.json({ error: "Unauthorized" }, { status: 401 })],
  ["a bare array", [{ id: "tiny" }]],
  ["null", null],
];

test.each(
  ENGINES.flatMap(([title, engine]) => NO_LISTS.map(([what, page]) => [what, title, engine, page] as const)),
)("%s is no list of %s", async (_, __, engine, page) => {
  expect(await listOf(engine, { pages: { "/v1/models": page } })).toBeUndefined();
});
