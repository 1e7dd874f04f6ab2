/** How engines say what they lack, and how they say that they lack something else. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { canned, type FakeEngine } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

/** How each engine says that it has no such path. */
const LACKING: [engine: string, path: string, status: number, body: string][] = [
  ["ollama", "/v1/messages", 404, "404 page not found"],
  [
    "llamacpp",
    "/v1/messages",
    404,
    '{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}',
  ],
  ["lmstudio", "/v1/messages", 200, '{"error":"Unexpected endpoint or method. (POST /v1/messages)"}'],
  ["vllm", "/v1/messages", 404, '{"detail":"Not Found"}'],
  ["vllm", "/v1/responses", 405, '{"detail":"Method Not Allowed"}'],
  ["sglang", "/v1/messages", 404, '{"detail":"Not Found"}'],
  ["openai", "/v1/rerank", 404, "<html><h1>Not Found</h1></html>"],
  ["openai", "/v1/rerank", 404, ""],
  [
    "openai",
    "/v1/responses",
    404,
    '{"error":{"message":"Invalid URL (POST /v1/responses)","type":"invalid_request_error","param":null,"code":null}}',
  ],
];

/** What an engine says of a model or a request, which is the client's answer. */
const REFUSALS: [engine: string, status: number, body: string][] = [
  ["ollama", 404, `{"error":"model 'm' not found"}`],
  ["llamacpp", 404, '{"error":{"code":404,"message":"model not found","type":"not_found_error"}}'],
  ["lmstudio", 404, '{"error":{"message":"No models loaded.","code":"model_not_found"}}'],
  ["lmstudio", 400, '{"error":"bad"}'],
  ["vllm", 404, '{"error":{"message":"The model `m` does not exist.","type":"NotFoundError","code":404}}'],
  [
    "vllm",
    404,
    '{"object":"error","message":"The model `m` does not exist.","type":"NotFoundError","code":404}',
  ],
  ["sglang", 400, '{"object":"error","message":"bad","type":"BadRequest","code":400}'],
  ["openai", 404, '{"error":{"message":"no such model","type":"invalid_request_error"}}'],
  // too long to be a complaint
  ["lmstudio", 200, `{"error":"Unexpected endpoint or method. ${"x".repeat(2000)}"}`],
];

/** Lists, in the shape of each engine. */
function listOf(engine: string, ids: readonly string[]): Record<string, unknown> {
  if (engine === "ollama") return ollamaLists(ids.map((id) => tagsRow(id)));
  if (engine === "lmstudio")
    return { "/api/v0/models": { data: ids.map((id) => ({ id, state: "loaded" })) } };
  return { "/v1/models": { data: ids.map((id) => ({ id })) } };
}

function typeOf(body: string): Record<string, string> {
  return { "content-type": body.startsWith("{") ? "application/json" : "text/plain" };
}

const engines: FakeEngine[] = [];
const asked: string[] = [];
let router: Mellamo;

/** Each row has an engine of its own, with models that are named after the row, and a second one that is able. */
beforeAll(async () => {
  const tables: Record<string, { url: string; engine: string; priority: number }> = {};
  const add = (name: string, engine: string, priority: number, one: FakeEngine): void => {
    engines.push(one);
    tables[name] = { url: one.url, engine, priority };
  };
  for (const [index, [engine, , status, body]] of LACKING.entries()) {
    const old = canned(listOf(engine, [`lacking-${index}`, `only-${index}`]), (path) => {
      asked.push(`${index} ${path}`);
      return new Response(body, { status, headers: typeOf(body) });
    });
    add(`old-${index}`, engine, 200, old);
    add(`able-${index}`, engine, 100, canned(listOf(engine, [`lacking-${index}`]), able));
  }
  for (const [index, [engine, status, body]] of REFUSALS.entries()) {
    const strict = canned(
      listOf(engine, [`refused-${index}`]),
      () => new Response(body, { status, headers: typeOf(body) }),
    );
    add(`strict-${index}`, engine, 200, strict);
    add(`other-${index}`, engine, 100, canned(listOf(engine, [`refused-${index}`]), able));
  }
  router = await routerOver(tables);
});

afterAll(async () => {
  await Promise.all([router, ...engines].map((one) => one[Symbol.asyncDispose]()));
});

function able(): Response {
  return Response.json({ by: "able" });
}

test.each(LACKING.map((row, index) => [...row, index] as const))(
  "%s that answers %s with %p %s is skipped, from then on without being asked",
  async (_, path, _status, _body, index) => {
    for (let time = 0; time < 3; time++) {
      const said = await say(router.port, `POST ${path}`, [], `{"model":"lacking-${index}"}`);
      expect([said.status, said.body]).toEqual([200, '{"by":"able"}']);
    }
    const alone = await say(router.port, `POST ${path}`, [], `{"model":"only-${index}"}`);
    expect(alone.status).toBe(501);
    expect(alone.body).toContain(`which has no ${path}`);
    expect(asked.filter((one) => one.startsWith(`${index} `))).toEqual([`${index} ${path}`]);
  },
);

test.each(REFUSALS.map((row, index) => [...row, index] as const))(
  "%s that answers %p has been asked, and that is the answer (row %#)",
  async (_, status, body, index) => {
    for (let time = 0; time < 2; time++) {
      const said = await say(router.port, "POST /v1/chat/completions", [], `{"model":"refused-${index}"}`);
      expect([said.status, said.body]).toEqual([status, body]);
    }
  },
);
