/** Names of Ollama's cloud go to an Ollama, which lists no such models. */

import { expect, test } from "bun:test";

import { aliasCall } from "../support/alias-api.ts";
import { rawBackend } from "../support/backend.ts";
import { routerOver } from "../support/over.ts";

const NAME = "gpt-oss:120b-cloud";

test.each(["/api/chat", "/api/show", "/v1/chat/completions"])("%s of such a name", async (path) => {
  await using ollama = await rawBackend([], (talk) => talk.answer(200, "{}"), "ollama");
  await using other = await rawBackend(["m"], (talk) => talk.answer(500, "{}"));
  await using router = await routerOver({
    other: { url: other.url, engine: "openai", priority: 200 },
    a: { url: ollama.url, engine: "ollama" },
  });
  const body = JSON.stringify({ model: NAME });
  expect((await fetch(router.url + path, { method: "POST", body })).status).toBe(200);
  expect(ollama.talks.map((talk) => talk.body.toString())).toEqual([body]);
});

test("such a name is looked up by its id where the cloud is known", async () => {
  await using ollama = await rawBackend([], (talk) => talk.answer(200, `{"id":"${NAME}"}`), "ollama");
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } });
  const answer = await fetch(`${router.url}/v1/models/${NAME}`);
  expect(await answer.json()).toEqual({ id: NAME });
  expect(ollama.talks.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)).toEqual([
    `GET /v1/models/${NAME}`,
  ]);
});

test("an alias may stand for such a name, and nobody calls it missing", async () => {
  const answered = '{"model":"gpt-oss:120b-cloud","done":true}';
  await using ollama = await rawBackend([], (talk) => talk.answer(200, answered), "ollama");
  await using router = await routerOver(
    { a: { url: ollama.url, engine: "ollama" } },
    `[aliases]\nbig = "${NAME}"\n`,
  );
  const set = await aliasCall(router, "POST", { alias: "huge", target: NAME });
  expect(set).toEqual({ status: 200, body: { alias: "huge", target: NAME }, warning: null });
  for (const model of ["big", "huge"]) {
    const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body: JSON.stringify({ model }) });
    expect(await answer.json()).toEqual({ model, done: true });
  }
  expect(ollama.talks.map((talk) => talk.body.toString())).toEqual([
    `{"model":"${NAME}"}`,
    `{"model":"${NAME}"}`,
  ]);
});

test("where it leads is told as for any other name", async () => {
  await using ollama = await rawBackend([], () => {}, "ollama");
  await using router = await routerOver({ a: { url: ollama.url, engine: "ollama" } });
  const answer = await fetch(`${router.url}/mellamo/resolve?model=${NAME}`);
  expect(await answer.json()).toMatchObject({
    candidates: [{ backend: "a", model: NAME, state: "ready", chosen: true }],
    problem: null,
  });
});

test("without an Ollama such a name is unknown", async () => {
  await using other = await rawBackend(["m"], (talk) => talk.answer(200, "{}"));
  await using router = await routerOver({ other: { url: other.url, engine: "openai" } });
  const answer = await fetch(`${router.url}/api/show`, {
    method: "POST",
    body: JSON.stringify({ model: NAME }),
  });
  expect(answer.status).toBe(404);
});
