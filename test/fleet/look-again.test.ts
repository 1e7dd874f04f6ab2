/** What a second look at a backend finds that the first did not: another engine, other models, other paths. */

import { describe, expect, test } from "bun:test";

import type { EngineName } from "../../src/engines/engine.ts";
import type { Backend } from "../../src/fleet/backend.ts";
import { scan } from "../../src/fleet/scan.ts";
import { LLAMA_LOADING, LLAMA_ROUTER, VLLM } from "../support/engine-shapes.ts";
import { backendAt, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { GENERIC, OLLAMA_EMPTY, PAGES_ONLY } from "../support/imitator-shapes.ts";
import { LMSTUDIO_NEW } from "../support/lmstudio-shapes.ts";

function look(backend: Backend, atMs = 0): Promise<void> {
  return scan(backend, () => atMs);
}

describe("an engine that has taken the port of another is found out within two looks", () => {
  test.each<[EngineName, EngineName, Pages, Pages]>([
    ["ollama", "llamacpp", OLLAMA_EMPTY, LLAMA_ROUTER],
    ["ollama", "lmstudio", OLLAMA_EMPTY, LMSTUDIO_NEW],
    ["lmstudio", "llamacpp", LMSTUDIO_NEW, LLAMA_ROUTER],
    ["lmstudio", "vllm", LMSTUDIO_NEW, VLLM],
  ])("%s, then %s", async (before, after, first, second) => {
    await using engine = fakeEngine(first);
    const backend = backendAt(engine.url);
    await look(backend);
    expect(backend.engine?.name).toBe(before);
    engine.become(second);
    await look(backend);
    await look(backend);
    expect(backend.engine?.name).toBe(after);
    expect(backend.stock.up).toBe(true);
  });
});

test("an engine that was loading its model is up as soon as it has a list", async () => {
  await using engine = fakeEngine(LLAMA_LOADING);
  const backend = backendAt(engine.url);
  await look(backend);
  expect(backend.stock.up).toBe(false);
  engine.become(LLAMA_ROUTER);
  await look(backend);
  expect(backend.engine?.name).toBe("llamacpp");
  expect(backend.stock.up).toBe(true);
});

test("an engine that its owner has named stays that one, whatever it answers", async () => {
  await using engine = fakeEngine(GENERIC);
  const backend = backendAt(engine.url, { engine: "vllm" });
  await look(backend);
  engine.become(PAGES_ONLY);
  await look(backend);
  expect(backend.stock.up).toBe(false);
  expect(backend.engine?.name).toBe("vllm");
});

test("an engine that is known is not looked for again", async () => {
  await using engine = fakeEngine(GENERIC);
  const backend = backendAt(engine.url);
  await look(backend);
  const before = engine.asked.length;
  await look(backend);
  expect(engine.asked.slice(before)).toEqual(["/v1/models"]);
});

test("a model keeps the time it was first seen, also while its backend is down; a new one has its own", async () => {
  await using engine = fakeEngine({ pages: { "/v1/models": { data: [{ id: "old" }] } } });
  const backend = backendAt(engine.url, { engine: "openai" });
  await look(backend, 1000);
  engine.become(PAGES_ONLY);
  await look(backend, 2000);
  engine.become({ pages: { "/v1/models": { data: [{ id: "new" }, { id: "old" }] } } });
  await look(backend, 3000);
  expect(backend.stock.models.map(({ id, seenAtMs }) => [id, seenAtMs])).toEqual([
    ["new", 3000],
    ["old", 1000],
  ]);
});

describe("paths that an engine turned out to lack", () => {
  const versions = (version: string): Pages => ({
    pages: { ...VLLM.pages, "/version": { version } },
  });

  test("are not asked of it while it is the same", async () => {
    await using engine = fakeEngine(versions("0.9.0"));
    const backend = backendAt(engine.url);
    await look(backend);
    backend.lacks("/v1/rerank");
    await look(backend);
    expect(backend.serves("/v1/rerank")).toBe(false);
    expect(backend.serves("/v1/chat/completions")).toBe(true);
  });

  test("may be there in another version", async () => {
    await using engine = fakeEngine(versions("0.9.0"));
    const backend = backendAt(engine.url);
    await look(backend);
    backend.lacks("/v1/rerank");
    engine.become(versions("0.11.0"));
    await look(backend);
    expect(backend.serves("/v1/rerank")).toBe(true);
  });

  test("may be there after it was down", async () => {
    await using engine = fakeEngine(versions("0.9.0"));
    const backend = backendAt(engine.url, { engine: "vllm" });
    await look(backend);
    backend.lacks("/v1/rerank");
    engine.become(PAGES_ONLY);
    await look(backend);
    engine.become(versions("0.9.0"));
    await look(backend);
    expect(backend.serves("/v1/rerank")).toBe(true);
  });
});

test("the key is sent with every question, as a bearer token", async () => {
  const keys = new Set<string | null>();
  await using server = Bun.serve({
    port: 0,
    fetch(request) {
      keys.add(request.headers.get("authorization"));
      return new Response("{}");
    },
  });
  await look(backendAt(server.url.origin, { key: "secret" }));
  expect([...keys]).toEqual(["Bearer secret"]);
});
