/** The router tells where a name leads, and why it leads nowhere. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import type { Mellamo } from "../support/mellamo.ts";
import { say } from "../support/say.ts";
import { type TwoEngines, twoEngines } from "../support/two-engines.ts";

let engines: TwoEngines;
let router: Mellamo;

beforeAll(async () => {
  engines = await twoEngines();
  ({ router } = engines);
});

afterAll(async () => {
  await engines[Symbol.asyncDispose]();
});

interface Resolved {
  readonly alias: string | null;
  readonly via: readonly string[];
  readonly targets: readonly object[];
  readonly candidates: readonly {
    readonly backend: string;
    readonly model: string;
    readonly chosen: boolean;
  }[];
  readonly problem: { readonly status: number; readonly message: string } | null;
}

async function resolve(query: string): Promise<Resolved> {
  const said = await say(router.port, `GET /mellamo/resolve?${query}`);
  expect([said.status, said.headers.get("content-type")]).toEqual([200, "application/json"]);
  return JSON.parse(said.body) as Resolved;
}

test("a model's own name leads to the backends that have it, the chosen one first", async () => {
  expect<unknown>(await resolve("model=qwen3:4b")).toEqual({
    model: "qwen3:4b",
    alias: null,
    via: [],
    targets: [{ model: "qwen3:4b" }],
    candidates: [
      {
        backend: "first",
        engine: "ollama",
        model: "qwen3:4b",
        state: "ready",
        reason: "spelled as asked",
        loaded: true,
        inflight: 0,
        priority: 200,
        weight: 1,
        chosen: true,
        parameters: null,
        unmet: {},
      },
      {
        backend: "second",
        engine: "openai",
        model: "Qwen3:4B",
        state: "ready",
        reason: "spelled otherwise",
        loaded: true,
        inflight: 0,
        priority: 100,
        weight: 1,
        chosen: false,
        parameters: null,
        unmet: {},
      },
    ],
    waiting: 0,
    problem: null,
  });
});

test.each<[string, string, string[], [string, string, boolean][]]>([
  [
    "gpt-4o",
    "gpt-*",
    ["gpt-*"],
    [
      ["first", "qwen3:4b", true],
      ["second", "Qwen3:4B", false],
    ],
  ],
  [
    "FAST:latest",
    "fast",
    ["fast"],
    [
      ["first", "idle:latest", true],
      ["second", "other", false],
    ],
  ],
  [
    "chain",
    "chain",
    ["chain", "fast"],
    [
      ["first", "idle:latest", true],
      ["second", "other", false],
    ],
  ],
  [
    "ordered",
    "ordered",
    ["ordered"],
    [
      ["second", "other", true],
      ["first", "idle:latest", false],
    ],
  ],
  ["there", "there", ["there"], [["second", "Qwen3:4B", true]]],
])("%s leads through %s to its candidates", async (name, alias, via, candidates) => {
  const resolved = await resolve(`model=${encodeURIComponent(name)}`);
  expect([resolved.alias, resolved.via]).toEqual([alias, via]);
  expect(resolved.candidates.map(({ backend, model, chosen }) => [backend, model, chosen])).toEqual(
    candidates,
  );
  expect(resolved.problem).toBeNull();
});

test("with a path only backends that serve it are ready", async () => {
  const resolved = await resolve("model=qwen3:4b&path=/v1/rerank");
  expect(resolved.candidates).toMatchObject([
    { backend: "second", state: "ready", chosen: true, reason: "the only one that can" },
    {
      backend: "first",
      state: "does not serve the path",
      chosen: false,
      parameters: null,
      unmet: {},
      reason: "does not serve /v1/rerank",
    },
  ]);
});

test("a request that would fail is told why, with the status it would have", async () => {
  expect(await resolve("model=nosuch")).toMatchObject({
    candidates: [],
    problem: { status: 404, message: "model 'nosuch' not found" },
  });
  expect((await resolve("model=gone")).problem?.status).toBe(503);
  expect((await resolve("model=idle&path=/v1/rerank")).problem?.status).toBe(501);
});

test("without a name there is nothing to resolve", async () => {
  const said = await say(router.port, "GET /mellamo/resolve");
  expect([said.status, said.body]).toEqual([400, "model is required"]);
});
