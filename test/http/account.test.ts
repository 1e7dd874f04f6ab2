/** What concerns the account and cloud of an Ollama goes to the first of them, and comes back as it is. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

let first: RawBackend;
let second: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  first = await rawBackend([], (talk) => talk.answer(200, '{"name":"me"}'), "ollama");
  second = await rawBackend([], (talk) => talk.answer(200, '{"name":"not me"}'), "ollama");
  router = await routerOver({
    second: { url: second.url, engine: "ollama" },
    first: { url: first.url, engine: "ollama", priority: 200 },
  });
});

afterAll(async () => {
  await Promise.all([router, first, second].map((one) => one[Symbol.asyncDispose]()));
});

test.each([
  ["POST", "/api/me", ""],
  ["POST", "/api/me?x=1", "{}"],
  ["POST", "/api/signout", ""],
  ["POST", "/api/experimental/web_search", '{"query":"llamas","max_results":3.0}'],
  ["POST", "/api/experimental/web_fetch", '{"url":"https://example.com"}'],
  ["GET", "/api/experimental/model-recommendations", ""],
  ["GET", "/api/status", ""],
])("%s %s", async (method, path, body) => {
  const headers = { "content-type": "application/json", authorization: "Bearer mine" };
  const answer = await fetch(router.url + path, { method, headers, ...(body === "" ? {} : { body }) });
  expect([answer.status, await answer.text()]).toEqual([200, '{"name":"me"}']);
  const talk = first.talks.at(-1);
  expect([talk?.method, talk?.path, talk?.body.toString()]).toEqual([method, path, body]);
  expect(talk?.headers.get("authorization")).toBe("Bearer mine");
  expect(talk?.headers.get("content-type")).toBe("application/json");
  expect(second.talks).toEqual([]);
});

test("what the Ollama refuses is refused in its own words", async () => {
  const body = '{"error":"unauthorized","signin_url":"https://ollama.com/connect?name=x"}';
  first.behave((talk) => talk.answer(401, body));
  const answer = await fetch(`${router.url}/api/me`, { method: "POST" });
  expect([answer.status, await answer.text()]).toEqual([401, body]);
});

test("a model of the cloud, which no Ollama lists, is asked of one by the name it was asked by", async () => {
  first.behave((talk) => talk.answer(200, '{"model":"gpt-oss:120b-cloud"}'));
  const body = '{"model":"gpt-oss:120b-cloud","messages":[]}';
  const answer = await fetch(`${router.url}/api/chat`, { method: "POST", body });
  expect([answer.status, await answer.text()]).toEqual([200, '{"model":"gpt-oss:120b-cloud"}']);
  expect(first.talks.at(-1)?.body.toString()).toBe(body);
});
