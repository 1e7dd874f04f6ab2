/** What a look at a backend makes of keys that are refused, of engines that change, and of names in other spellings. */

import { expect, test } from "bun:test";

import type { Backend } from "../../src/fleet/backend.ts";
import { scan } from "../../src/fleet/scan.ts";
import { VLLM } from "../support/engine-shapes.ts";
import { backendAt, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { GENERIC, SILENT } from "../support/imitator-shapes.ts";
import { LMSTUDIO_NEW, LMSTUDIO_OLDEST } from "../support/lmstudio-shapes.ts";

function look(backend: Backend): Promise<void> {
  return scan(backend, () => 0);
}

function idsOf(backend: Backend): string[] {
  return backend.stock.models.map(({ id }) => id);
}

function listing(...ids: readonly string[]): Pages {
  return { pages: { "/v1/models": { object: "list", data: ids.map((id) => ({ id })) } } };
}

test.each([
  ["included", ["tiny"], []],
  ["excluded", ["*"], ["big"]],
])("what is %s may be written without its default tag and namespace", async (_, include, exclude) => {
  await using engine = fakeEngine(listing("tiny:latest", "library/big:latest"));
  const backend = backendAt(engine.url, { include, exclude });
  await look(backend);
  expect(idsOf(backend)).toEqual(["tiny:latest"]);
});

test.each([
  ["vllm", VLLM],
  ["lmstudio", LMSTUDIO_NEW],
] as const)("what went down and came back as %s is found out", async (name, pages) => {
  await using engine = fakeEngine(GENERIC);
  const backend = backendAt(engine.url, { probeTimeoutMs: 300 });
  await look(backend);
  engine.become(SILENT);
  await look(backend);
  expect([backend.stock.up, backend.engine?.name]).toEqual([false, "openai"]);
  engine.become(pages);
  await look(backend);
  expect([backend.stock.up, backend.engine?.name]).toEqual([true, name]);
});

test("an LM Studio with OpenAI's list alone has the models of that", async () => {
  await using engine = fakeEngine(LMSTUDIO_OLDEST);
  const backend = backendAt(engine.url);
  await look(backend);
  expect(backend.engine?.name).toBe("lmstudio");
  expect(idsOf(backend)).toEqual(["qwen/qwen3-8b", "text-embedding-nomic-embed-text-v1.5"]);
});

test("a silent server of which nothing is known is given up within the time that probes have", async () => {
  await using engine = fakeEngine(SILENT);
  const backend = backendAt(engine.url, { probeTimeoutMs: 400 });
  const startMs = performance.now();
  await look(backend);
  expect(performance.now() - startMs).toBeLessThan(790);
});

test.each([
  [401, undefined, undefined, "refuses with status 401: its key is missing"],
  [401, "openai", "wrong", "refuses with status 401: its key is wrong"],
  [403, "ollama", undefined, "refuses with status 403: for its key, or for the host's name"],
] as const)("status %i is told as a refusal (engine %p, key %p)", async (status, name, key, trouble) => {
  const others = () => Response.json({ error: { message: "No" } }, { status });
  await using engine = fakeEngine({ pages: {}, others });
  const backend = backendAt(engine.url, { engine: name, key });
  await look(backend);
  expect(backend.stock.trouble).toBe(trouble);
});
