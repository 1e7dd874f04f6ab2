/** A router over an Ollama that runs one of its models, another engine, and one that is off, with aliases of all kinds. */

import { canned, type FakeEngine } from "./fake-engine.ts";
import type { Mellamo } from "./mellamo.ts";
import { ollamaLists, tagsRow } from "./ollama-lists.ts";
import { NOBODY, routerOver } from "./over.ts";

export interface TwoEngines extends AsyncDisposable {
  readonly first: FakeEngine;
  readonly second: FakeEngine;
  readonly router: Mellamo;
}

export async function twoEngines(): Promise<TwoEngines> {
  const first = canned(
    ollamaLists(
      [tagsRow("qwen3:4b", { size: 42 }), tagsRow("idle:latest")],
      [{ ...tagsRow("qwen3:4b"), context_length: 8192 }],
      "0.20.1",
    ),
  );
  const second = canned({
    "/v1/models": { data: [{ id: "Qwen3:4B", max_model_len: 100 }, { id: "other" }] },
  });
  const router = await routerOver(
    {
      first: { url: first.url, engine: "ollama", priority: 200, key: "sk-very-secret" },
      second: { url: second.url },
      dead: { url: NOBODY, engine: "ollama" },
    },
    [
      "[models]",
      'gone = "dead"',
      "[aliases]",
      'fast = ["idle", "other"]',
      'chain = "fast"',
      'ordered = { targets = ["other", "idle"], strategy = "order" }',
      '"gpt-*" = "qwen3:4b"',
      'there = { targets = [{ model = "qwen3:4b", backend = "second" }], listed = false, echo = false }',
    ].join("\n"),
  );
  return {
    first,
    second,
    router,
    async [Symbol.asyncDispose]() {
      await Promise.all([router, first, second].map((one) => one[Symbol.asyncDispose]()));
    },
  };
}
