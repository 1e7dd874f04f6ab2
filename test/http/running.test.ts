/** `ollama ps` shows what is in memory, on whatever engine. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { canned } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { routerOver } from "../support/over.ts";

interface Row {
  readonly name: string;
  readonly [field: string]: unknown;
}

async function running(router: Mellamo): Promise<readonly Row[]> {
  return ((await (await fetch(`${router.url}/api/ps`)).json()) as { models: Row[] }).models;
}

function loaded(name: string, expires: string): Record<string, unknown> {
  return { ...tagsRow(name), expires_at: expires, size_vram: 99, context_length: 8192, unheard_of: 1 };
}

test("an Ollama's own row is passed on with every field, what stays longest first", async () => {
  const rows = [
    loaded("soon:latest", "2026-03-01T10:05:00+02:00"),
    loaded("late:1b", "2026-03-01T09:00:00Z"),
  ];
  await using engine = canned(
    ollamaLists([tagsRow("soon:latest"), tagsRow("late:1b"), tagsRow("idle:latest")], rows),
  );
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
  expect<unknown>(await running(router)).toEqual(rows.toReversed());
});

test("models of engines that never unload are always there, for ever", async () => {
  await using vllm = canned({
    "/v1/models": { data: [{ id: "Qwen/Qwen3", owned_by: "vllm", max_model_len: 4096 }] },
  });
  await using ollama = canned(
    ollamaLists([tagsRow("m:latest")], [loaded("m:latest", "2030-01-01T00:00:00Z")]),
  );
  await using router = await routerOver({
    o: { url: ollama.url, engine: "ollama" },
    v: { url: vllm.url, engine: "vllm" },
  });
  const [first, second] = await running(router);
  expect(first).toEqual({
    name: "Qwen/Qwen3:latest",
    model: "Qwen/Qwen3:latest",
    size: 0,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    details: expect.objectContaining({ families: [] }),
    expires_at: expect.any(String),
    size_vram: 0,
    context_length: 4096,
  });
  expect(Date.parse(String(first?.["expires_at"]))).toBeGreaterThan(Date.parse("2100-01-01"));
  expect(second?.name).toBe("m:latest");
});

test.each<[string, object, string[]]>([
  [
    "an LM Studio of today",
    {
      "/api/v1/models": {
        models: [
          { key: "a", type: "llm", loaded_instances: [{ id: "a", config: { context_length: 2048 } }] },
          { key: "b", type: "llm", loaded_instances: [] },
        ],
      },
    },
    ["a:latest"],
  ],
  [
    "an older LM Studio",
    {
      "/api/v0/models": {
        data: [
          { id: "a", state: "not-loaded" },
          { id: "b", state: "loaded" },
        ],
      },
    },
    ["b:latest"],
  ],
])("of %s only what is loaded is there", async (_, answers, names) => {
  await using engine = canned({ ...answers });
  await using router = await routerOver({ a: { url: engine.url, engine: "lmstudio" } });
  expect((await running(router)).map(({ name }) => name)).toEqual(names);
});

test("a model that a copy of the same file keeps in memory runs too", async () => {
  const digest = "e".repeat(64);
  await using engine = canned(
    ollamaLists(
      [tagsRow("original:latest", { digest }), tagsRow("copy:latest", { digest })],
      [{ ...loaded("original:latest", "2026-03-01T09:00:00Z"), digest }],
    ),
  );
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
  expect((await running(router)).map(({ name }) => name).sort()).toEqual(["copy:latest", "original:latest"]);
});

test.each(["load", "unload"])("whoever asks for a model's %s sees it in the next list", async (reason) => {
  const rows = reason === "load" ? [loaded("m:latest", "2030-01-01T00:00:00Z")] : [];
  await using engine = canned(
    ollamaLists([tagsRow("m:latest")], reason === "load" ? [] : [loaded("m:latest", "2030-01-01T00:00:00Z")]),
    () => {
      engine.say("/api/ps", { models: rows });
      return Response.json({ model: "m", response: "", done: true, done_reason: reason });
    },
  );
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
  await fetch(`${router.url}/api/generate`, { method: "POST", body: '{"model":"m"}' });
  expect((await running(router)).length).toBe(rows.length);
});

test("a model that is in memory since it answered runs soon", async () => {
  await using engine = canned(ollamaLists([tagsRow("m:latest")]), () => {
    engine.say("/api/ps", { models: [loaded("m:latest", "2030-01-01T00:00:00Z")] });
    return Response.json({ model: "m", response: "hi", done: true, done_reason: "stop" });
  });
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
  const deadline = Date.now() + 5000;
  while ((await running(router)).length === 0 && Date.now() < deadline) {
    await fetch(`${router.url}/api/generate`, { method: "POST", body: '{"model":"m","prompt":"x"}' });
    await Bun.sleep(50);
  }
  expect((await running(router)).map(({ name }) => name)).toEqual(["m:latest"]);
});

test("nothing runs where nothing is loaded", async () => {
  await using engine = await rawBackend(["m"], () => {}, "ollama");
  await using router = await routerOver({ a: { url: engine.url, engine: "ollama" } });
  expect(await (await fetch(`${router.url}/api/ps`)).text()).toBe('{"models":[]}');
});
