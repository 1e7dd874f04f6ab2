/** Status counts the reloads that a forced context has prevented: those alone that would have happened without it. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";

import { type LoadingOllama, loadingOllama } from "../support/loading-ollama.ts";
import { command, type Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const TOML = `
[health]
probe_interval = "1h"
[models]
m = { force = { options = { num_ctx = 8192, temperature = 0 } } }
[aliases]
x = "m"
y = { targets = ["n"], options = { num_ctx = 2048 } }
`;

let ollama: LoadingOllama;
let router: Mellamo;
beforeAll(async () => {
  ollama = loadingOllama();
  router = await routerOver({ box: { url: ollama.url, engine: "ollama" } }, TOML);
});
afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await ollama[Symbol.asyncDispose]();
});

async function prevented(): Promise<number> {
  const answer = await fetch(`${router.url}/mellamo/status`);
  const { backends } = (await answer.json()) as { backends: readonly { reloads_prevented: number }[] };
  return backends[0]?.reloads_prevented ?? Number.NaN;
}

/** How many more it counts after a request with these options, which stand there as they are. */
async function counted(model: string, options: string, path = "/api/generate"): Promise<number> {
  const before = await prevented();
  const body = `{"model":"${model}","prompt":"x","stream":false,"messages":[{"role":"user","content":"x"}]${options}}`;
  const answer = await fetch(router.url + path, { method: "POST", body });
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
  return (await prevented()) - before;
}

/** Brings a model into memory, or out of it; the router looks at once. */
async function be(deed: "load" | "unload", model: string): Promise<void> {
  const body = JSON.stringify({ model });
  const answer = await fetch(`${router.url}/mellamo/backends/box/${deed}`, { method: "POST", body });
  expect(answer.status).toBe(200);
}

const OWN = ',"options":{"num_ctx":2048}';

test("a model that is not in memory has to be loaded anyway", async () => {
  await be("unload", "m");
  expect(await counted("m", OWN)).toBe(0);
});

test.each([
  ["m", OWN],
  ["x", OWN],
  ["m", ',"options":{"num_ctx":8193}'],
  ["m", ',"options":{"num_ctx":8192,"num_ctx":4096}'],
  ["m", ',"options":{"temperature":1,"num_ctx":16384}'],
])("a context that gave way counts, once: %s%s", async (model, options) => {
  await be("load", "m");
  for (const path of ["/api/generate", "/api/chat", "/api/embed", "/api/embeddings"])
    expect([path, await counted(model, options, path)]).toEqual([path, 1]);
});

test.each([
  ["m", ""],
  ["m", ',"options":{}'],
  ["m", ',"options":null'],
  ["m", ',"options":{"num_ctx":null}'],
  ["m", ',"options":{"num_ctx":8192}'],
  ["m", ',"options":{"num_ctx":8192.0}'],
  ["m", ',"options":{"num_ctx":8.192e3}'],
  ["m", ',"options":{"num_ctx":2048,"num_ctx":8192}'],
  ["m", ',"options":{"temperature":1}'],
  ["m", ',"options":{"NUM_CTX":2048}'],
  ["m", ',"num_ctx":2048'],
])("one that is the forced one, or none at all, does not: %s%s", async (model, options) => {
  await be("load", "m");
  expect(await counted(model, options)).toBe(0);
});

test("where nothing is forced nothing is prevented", async () => {
  await be("load", "n");
  expect(await counted("n", OWN)).toBe(0);
  expect(await counted("y", ',"options":{"num_ctx":1024}')).toBe(0);
});

test("clients of /v1 have no context of their own that could give way", async () => {
  await be("load", "m");
  expect(await counted("m", `${OWN},"max_tokens":5`, "/v1/chat/completions")).toBe(0);
});

test("a model that somebody else has loaded otherwise is loaded anew", async () => {
  const body = JSON.stringify({ model: "m", options: { num_ctx: 1024 } });
  await (await fetch(`${ollama.url}/api/generate`, { method: "POST", body })).arrayBuffer();
  // the look after it sees what is in memory
  await be("load", "n");
  const before = ollama.reloads();
  expect(await counted("m", OWN)).toBe(0);
  expect(ollama.reloads()).toBe(before + 1);
});

test("the count outlives a reload of the configuration, and mellamo status shows it", async () => {
  await be("load", "m");
  await counted("m", OWN);
  const before = await prevented();
  expect(before).toBeGreaterThan(0);
  const text = await Bun.file(router.file).text();
  await Bun.write(router.file, text.replace('x = "m"', 'x = "m"\nz = "m"'));
  expect((await fetch(`${router.url}/mellamo/reload`, { method: "POST" })).status).toBe(200);
  expect(await prevented()).toBe(before);
  const { out } = await command(["status", "--server", `127.0.0.1:${router.port}`]);
  expect(out).toMatch(new RegExp(`^reloads prevented +${before}$`, "m"));
});
