/** A request goes to a backend that serves its path, and where none does the client is told who would. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { canned } from "../support/fake-engine.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { NOBODY, routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

const BODY = '{"model":"m"}';

test.each<[string, string, string]>([
  [
    "ollama",
    "/v1/messages/count_tokens",
    '"m" is served by a (Ollama), which has no /v1/messages/count_tokens; engines that have it: llama.cpp, vLLM',
  ],
  [
    "ollama",
    "/v1/rerank",
    '"m" is served by a (Ollama), which has no /v1/rerank; engines that have it: llama.cpp, vLLM, SGLang, OpenAI-compatible',
  ],
  [
    "openai",
    "/api/chat",
    '"m" is served by a (OpenAI-compatible), which has no /api/chat; engines that have it: Ollama',
  ],
  [
    "openai",
    "/v1/messages",
    '"m" is served by a (OpenAI-compatible), which has no /v1/messages; engines that have it: llama.cpp, LM Studio, Ollama, vLLM, SGLang',
  ],
])("%s has no %s, and the client is told who has", async (engine, path, message) => {
  await using backend = await rawBackend(["m"], () => {}, engine === "ollama" ? "ollama" : "openai");
  await using router = await routerOver({ a: { url: backend.url, engine } });
  const said = await say(router.port, `POST ${path}`, [], BODY);
  expect(said.status).toBe(501);
  const { error } = JSON.parse(said.body) as { error: string | { message: string } };
  expect(typeof error === "string" ? error : error.message).toBe(message);
  expect(backend.talks).toEqual([]);
});

test("of two engines that have the model, the one that serves the path gets it", async () => {
  await using ollama = await rawBackend(["m"], (talk) => talk.answer(200, '{"by":"ollama"}'), "ollama");
  await using openai = await rawBackend(["m"], (talk) => talk.answer(200, '{"by":"openai"}'));
  await using router = await routerOver({
    ollama: { url: ollama.url, engine: "ollama", priority: 200 },
    openai: { url: openai.url, engine: "openai" },
  });
  expect((await say(router.port, "POST /v1/chat/completions", [], BODY)).body).toBe('{"by":"ollama"}');
  expect((await say(router.port, "POST /v1/rerank", [], BODY)).body).toBe('{"by":"openai"}');
  expect((await say(router.port, "POST /api/chat", [], BODY)).body).toBe('{"by":"ollama"}');
});

test("where the only engine that serves the path is down, that is a matter of time", async () => {
  await using openai = await rawBackend(["m"], () => {});
  await using router = await routerOver(
    { openai: { url: openai.url, engine: "openai" }, gone: { url: NOBODY, engine: "ollama" } },
    '[aliases]\nm2 = { targets = [{ model = "m", backend = "gone" }] }\n',
  );
  const said = await say(router.port, "POST /api/chat", [], '{"model":"m2"}');
  expect([said.status, said.headers.get("retry-after")]).toEqual([503, "5"]);
});

test("whoever finds out that the only engine lacks the path is told so", async () => {
  await using old = canned(ollamaLists([tagsRow("m")]));
  await using router = await routerOver({ old: { url: old.url, engine: "ollama" } });
  const said = await say(router.port, "POST /v1/messages", [], BODY);
  expect(said.status).toBe(501);
  const { error } = JSON.parse(said.body) as { readonly error: { readonly message: string } };
  expect(error.message).toStartWith(
    '"m" is served by old (an older Ollama), which has no /v1/messages; engines that',
  );
});

test("an engine that came back with another version is asked again", async () => {
  let has = false;
  await using engine = canned(ollamaLists([tagsRow("m")], [], "0.12.0"), () =>
    has ? Response.json({ ok: 1 }) : new Response("404 page not found", { status: 404 }),
  );
  await using router = await routerOver(
    { a: { url: engine.url, engine: "ollama" } },
    '[health]\nprobe_interval = "50ms"\n',
  );
  expect((await say(router.port, "POST /v1/messages", [], BODY)).status).toBe(501);
  has = true;
  expect((await say(router.port, "POST /v1/messages", [], BODY)).status).toBe(501);
  engine.say("/api/version", { version: "0.14.0" });
  const deadline = Date.now() + 5000;
  while ((await say(router.port, "POST /v1/messages", [], BODY)).status === 501 && Date.now() < deadline)
    await Bun.sleep(20);
  expect((await say(router.port, "POST /v1/messages", [], BODY)).body).toBe('{"ok":1}');
});
