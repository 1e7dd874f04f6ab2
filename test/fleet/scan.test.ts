/** A look at a backend brings its models up to date, or says in plain words why that cannot be done. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";

import type { Backend } from "../../src/fleet/backend.ts";
import { scan } from "../../src/fleet/scan.ts";
import { rawBackend } from "../support/backend.ts";
import { LLAMA_LOADING, VLLM } from "../support/engine-shapes.ts";
import { backendAt, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { GENERIC, PAGES_ONLY, SILENT } from "../support/imitator-shapes.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

function look(backend: Backend, atMs = 0): Promise<void> {
  return scan(backend, () => atMs);
}

function idsOf(backend: Backend): string[] {
  return backend.stock.models.map(({ id }) => id);
}

function listing(...ids: readonly unknown[]): Pages {
  return { pages: { "/v1/models": { object: "list", data: ids.map((id) => ({ id })) } } };
}

test("finds out the engine, its models and its version", async () => {
  await using engine = fakeEngine(VLLM);
  const backend = backendAt(engine.url);
  await look(backend);
  expect(backend.engine?.name).toBe("vllm");
  expect(backend.stock).toMatchObject({ up: true, trouble: "", version: "0.11.0" });
  expect(idsOf(backend)).toEqual(["Qwen/Qwen3-8B", "sql-lora"]);
  expect(backend.reached).toBe(true);
});

describe("offered are", () => {
  const models = ["llama3:8b", "Llama3:70B", "nomic-embed-text:v1.5", "org/repo/x@q4"];

  test.each<[string, string[], string[], string[]]>([
    ["all", ["*"], [], models],
    ["those that are included, whatever their case", ["llama3:*"], [], ["llama3:8b", "Llama3:70B"]],
    ["those of several patterns", ["*:8b", "org/*"], [], ["llama3:8b", "org/repo/x@q4"]],
    ["but not those that are excluded", ["*"], ["*-embed*", "*@Q4"], ["llama3:8b", "Llama3:70B"]],
    ["an exclusion beats an inclusion", ["llama3:8b"], ["llama3:*"], []],
    ["none that no pattern includes", [], [], []],
  ])("%s", async (_, include, exclude, offered) => {
    await using engine = fakeEngine(listing(...models));
    const backend = backendAt(engine.url, { include, exclude });
    await look(backend);
    expect(idsOf(backend)).toEqual(offered);
    expect(backend.stock.up).toBe(true);
  });

  test("each once, and none with a name that nobody could ask for", async () => {
    await using engine = fakeEngine(listing("a", "a", "", "  ", "b\nc", "d\u0000", null, "e"));
    const backend = backendAt(engine.url);
    await look(backend);
    expect(idsOf(backend)).toEqual(["a", "e"]);
  });
});

describe("a backend that cannot be used is down, says why, and keeps the models it had", () => {
  const unlike = "does not list models as OpenAI-compatible does (it may still be starting)";
  test.each<[string, Pages, string]>([
    ["a web page takes its place", PAGES_ONLY, unlike],
    ["it loads a model", LLAMA_LOADING, unlike],
    ["it says nothing", SILENT, "no answer in time"],
  ])("%s", async (_, pages, trouble) => {
    await using engine = fakeEngine(GENERIC);
    const backend = backendAt(engine.url, { engine: "openai", probeTimeoutMs: 300 });
    await look(backend);
    engine.become(pages);
    await look(backend);
    expect(backend.stock).toMatchObject({ up: false, trouble });
    expect(idsOf(backend)).toEqual(["gpt-4o"]);
    engine.become(GENERIC);
    await look(backend);
    expect(backend.stock).toMatchObject({ up: true, trouble: "" });
  });

  test("connection refused", async () => {
    await using raw = await rawBackend(["m"], () => {});
    const backend = backendAt(raw.url, { engine: "openai" });
    await look(backend);
    await raw.stop();
    await look(backend);
    expect(backend.stock).toMatchObject({ up: false, trouble: "connection refused" });
    expect(idsOf(backend)).toEqual(["m"]);
    await raw.start();
    await look(backend);
    expect(backend.stock.up).toBe(true);
  });

  test("what is no known engine", async () => {
    await using engine = fakeEngine(PAGES_ONLY);
    const backend = backendAt(engine.url);
    await look(backend);
    expect(backend.stock.trouble).toBe("answers, but like no known engine");
    expect(backend.reached).toBe(false);
  });

  test.each([
    ["the answer is not HTTP", "SSH-2.0-OpenSSH_9.9\r\n\r\n"],
    ["connection closed without an answer", ""],
  ])("%s", async (trouble, bytes) => {
    await using raw = await rawBackend([], async (talk) => {
      await talk.send(bytes);
      talk.end();
    });
    const backend = backendAt(raw.url, { engine: "lmstudio" });
    await look(backend);
    expect(backend.stock).toMatchObject({ up: false, trouble });
  });
});

test("one that was never there is down", async () => {
  const backend = backendAt(NOBODY);
  await look(backend);
  expect(backend.stock).toMatchObject({ up: false, trouble: "connection refused", models: [] });
});

describe("the deadline holds", () => {
  test("for a server that says nothing", async () => {
    await using engine = fakeEngine(SILENT);
    const backend = backendAt(engine.url, { engine: "ollama", probeTimeoutMs: 200 });
    const startMs = performance.now();
    await look(backend);
    expect(performance.now() - startMs).toBeWithin(190, 2000);
  });

  test("for a list that never ends", async () => {
    await using raw = await rawBackend([], async (talk) => {
      let open = true;
      void talk.closed.then(() => (open = false));
      await talk.begin(200, { "content-type": "application/json" });
      while (open) {
        await talk.chunk(" ");
        await Bun.sleep(20);
      }
    });
    const backend = backendAt(raw.url, { engine: "ollama", probeTimeoutMs: 200 });
    const startMs = performance.now();
    await look(backend);
    expect(performance.now() - startMs).toBeWithin(190, 2000);
    expect(backend.stock).toMatchObject({ up: false, trouble: "no answer in time" });
  });
});

test("a list of more than 64 MiB is not read to its end", async () => {
  let sentBytes = 0;
  const chunk = new Uint8Array(4 << 20).fill(0x20);
  const endless = (): Response =>
    new Response(
      new ReadableStream({
        pull(stream) {
          sentBytes += chunk.length;
          stream.enqueue(chunk);
        },
      }),
    );
  await using engine = fakeEngine({ pages: { "/v1/models": endless } });
  const backend = backendAt(engine.url, { engine: "openai" });
  await look(backend);
  expect(backend.stock).toMatchObject({ up: false, trouble: "its answer is too large" });
  expect(sentBytes).toBeLessThan(96 << 20);
});
