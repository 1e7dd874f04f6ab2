/** Calls that manage models need an Ollama; what they change is in the next list. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY, routerOver } from "../support/over.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

const CALLS: [method: string, path: string, body: string][] = [
  ["POST", "/api/pull", '{"model":"x"}'],
  ["POST", "/api/push", '{"model":"x"}'],
  ["POST", "/api/create", '{"model":"x","from":"y"}'],
  ["POST", `/api/blobs/${DIGEST}`, "bytes"],
  ["POST", "/api/me", ""],
  ["POST", "/api/experimental/web_search", '{"query":"x"}'],
];

describe("without an Ollama", () => {
  let openai: RawBackend;
  let router: Mellamo;

  beforeAll(async () => {
    openai = await rawBackend(["m"], () => {});
    router = await routerOver({ o: { url: openai.url, engine: "openai" } });
  });

  afterAll(async () => {
    await Promise.all([router, openai].map((one) => one[Symbol.asyncDispose]()));
  });

  test.each(CALLS)("%s %s is served by nobody", async (method, path, body) => {
    const answer = await fetch(router.url + path, { method, body });
    expect([answer.status, await answer.json()]).toEqual([
      501,
      { error: "no backend is an Ollama, and no other engine manages models" },
    ]);
    expect(openai.talks).toEqual([]);
  });

  test("HEAD of a blob is served by nobody", async () => {
    expect((await fetch(`${router.url}/api/blobs/${DIGEST}`, { method: "HEAD" })).status).toBe(501);
  });
});

describe("while every Ollama is down", () => {
  let router: Mellamo;

  beforeAll(async () => {
    router = await routerOver({ gone: { url: NOBODY, engine: "ollama" } });
  });

  afterAll(async () => {
    await router[Symbol.asyncDispose]();
  });

  test.each(CALLS)("%s %s may be asked for again", async (method, path, body) => {
    const answer = await fetch(router.url + path, { method, body });
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toEqual([
      503,
      "5",
      { error: "no Ollama backend is up (gone: connection refused)" },
    ]);
  });
});

describe("a model that only another engine has", () => {
  let openai: RawBackend;
  let ollama: ManagingOllama;
  let router: Mellamo;

  beforeAll(async () => {
    openai = await rawBackend(["theirs", "also"], () => {});
    ollama = await managingOllama(["mine"]);
    router = await routerOver(
      { o: { url: openai.url, engine: "openai" }, a: { url: ollama.url, engine: "ollama" } },
      '[server]\ncopy = "model"\n',
    );
  });

  afterAll(async () => {
    await Promise.all([router, openai, ollama].map((one) => one[Symbol.asyncDispose]()));
  });

  test.each([
    [
      "POST",
      "/api/copy",
      '{"source":"theirs","destination":"y"}',
      '"theirs" is served by o (OpenAI-compatible), which has no /api/copy; engines that have it: Ollama',
    ],
    [
      "DELETE",
      "/api/delete",
      '{"model":"theirs"}',
      '"theirs" is served by OpenAI-compatible, which cannot be managed through the Ollama API',
    ],
  ])("%s %s says so", async (method, path, body, error) => {
    const answer = await fetch(router.url + path, { method, body });
    expect([answer.status, await answer.json()]).toEqual([501, { error }]);
  });
});

describe("an alias of the file", () => {
  let router: Mellamo;
  let ollama: ManagingOllama;

  beforeAll(async () => {
    ollama = await managingOllama(["mine"]);
    router = await routerOver({ a: { url: ollama.url, engine: "ollama" } }, '[aliases]\n"Fast" = "mine"\n');
  });

  afterAll(async () => {
    await Promise.all([router, ollama].map((one) => one[Symbol.asyncDispose]()));
  });

  test.each([
    ["POST", "/api/create", '{"model":"fast","from":"mine"}'],
    ["POST", "/api/create", '{"name":"library/FAST:latest","from":"mine"}'],
    ["POST", "/api/copy", '{"source":"mine","destination":"fast"}'],
    ["POST", "/api/copy", '{"source":"mine","Destination":"FAST:latest"}'],
    ["DELETE", "/api/delete", '{"model":"fast"}'],
    ["DELETE", "/api/delete", '{"model":"","name":"fast:latest"}'],
  ])("is not changed by %s %s %s", async (method, path, body) => {
    const answer = await fetch(router.url + path, { method, body });
    expect([answer.status, await answer.json()]).toEqual([
      409,
      { error: 'alias "Fast" is defined in the configuration file' },
    ]);
    expect(ollama.deeds).toEqual([]);
  });
});

describe("the list that follows", () => {
  let router: Mellamo;
  let ollama: ManagingOllama;

  beforeAll(async () => {
    ollama = await managingOllama(["mine"]);
    // no other look than those that follow deeds
    router = await routerOver(
      { a: { url: ollama.url, engine: "ollama" } },
      '[server]\ncopy = "model"\n[health]\nprobe_interval = "1h"\n',
    );
  });

  afterAll(async () => {
    await Promise.all([router, ollama].map((one) => one[Symbol.asyncDispose]()));
  });

  test.each<[string, string, object, string[]]>([
    ["POST", "/api/pull", { model: "pulled" }, ["mine:latest", "pulled:latest"]],
    ["POST", "/api/create", { model: "made:1b", from: "mine" }, ["made:1b", "mine:latest", "pulled:latest"]],
    ["DELETE", "/api/delete", { model: "pulled" }, ["made:1b", "mine:latest"]],
    ["POST", "/api/copy", { source: "mine", destination: "twin" }, ["made:1b", "mine:latest", "twin:latest"]],
    ["DELETE", "/api/delete", { name: "Made:1B" }, ["mine:latest", "twin:latest"]],
  ])("%s %s %j tells the truth", async (method, path, body, names) => {
    const answer = await fetch(router.url + path, { method, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    await answer.text();
    const list = (await (await fetch(`${router.url}/api/tags`)).json()) as { models: { name: string }[] };
    expect(list.models.map(({ name }) => name).sort()).toEqual(names);
  });
});
