/** Streams reach the client as they come, and no proxy on the way is given a reason to hold them back. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { readAnswer, type Said } from "../support/say.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["m"], () => {});
  router = await routerOver({ a: { url: backend.url, engine: "openai" } });
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

async function streamed(headers: Readonly<Record<string, string>>, pieces: readonly string[]): Promise<Said> {
  backend.behave(async (talk) => {
    await talk.begin(200, headers);
    for (const piece of [...pieces, ""]) await talk.chunk(piece);
  });
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"m"}', ["Connection: close"]));
  await client.ended;
  return readAnswer(client.received());
}

test.each<[string, Record<string, string>, string | null, string | null]>([
  ["text/event-stream", {}, "no", "no-cache"],
  ["text/event-stream; charset=utf-8", { "cache-control": "no-store" }, "no", "no-store"],
  ["application/x-ndjson", {}, "no", "no-cache"],
  ["audio/mpeg", {}, "no", "no-cache"],
  ["application/json", {}, null, null],
  ["text/event-stream", { "x-accel-buffering": "yes" }, "no", "no-cache"],
])("a stream of %s with %j is marked so", async (type, headers, buffering, caching) => {
  const said = await streamed({ "content-type": type, ...headers }, ["x"]);
  expect(said.headers.get("x-accel-buffering")).toBe(buffering);
  expect(said.headers.get("cache-control")).toBe(caching);
  expect(said.headers.get("content-type")).toBe(type);
  expect(said.body).toBe("x");
});

test("an answer that is all there when it comes is no stream", async () => {
  backend.behave((talk) => talk.answer(200, "data: {}\n\n", { "content-type": "text/event-stream" }));
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect(answer.headers.has("x-accel-buffering")).toBe(false);
  expect(answer.headers.get("content-length")).toBe("10");
});

test("every event is there before the next is sent", async () => {
  backend.behave((talk) => talk.begin(200, { "content-type": "text/event-stream" }));
  using client = await rawClient(router.port);
  const count = backend.talks.length;
  client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
  const talk = await backend.talk(count);
  for (let event = 0; event < 20; event++) {
    await talk.chunk(`data: {"model":"m","n":${event}}\n\n`);
    await client.until(new RegExp(`"n":${event}\\}`));
  }
  await talk.chunk("");
  await client.until(/\r\n0\r\n\r\n$/);
});

test.each(["reset", "end"] as const)(
  "a stream that the engine cuts off by its %s does not end as if it were whole",
  async (how) => {
    const count = backend.talks.length;
    backend.behave(async (talk) => {
      await talk.begin(200, { "content-type": "text/event-stream" });
      await talk.chunk('data: {"model":"m"}\n\n');
    });
    using client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", '{"model":"m","stream":true}'));
    await client.until(/data: /);
    const talk = await backend.talk(count);
    talk[how]();
    await client.ended;
    expect(client.received()).toEndWith('data: {"model":"m"}\n\n\r\n');
  },
);

test("an answer that says nothing of its length ends when the engine does", async () => {
  backend.behave(async (talk) => {
    await talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
    await talk.send('{"model":"m","x":"');
    await talk.send('y"}');
    talk.end();
  });
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect(await answer.text()).toBe('{"model":"m","x":"y"}');
});

test.each([204, 304])("an answer without a body is passed on without one: %p", async (status) => {
  backend.behave((talk) => talk.send(`HTTP/1.1 ${status} Nothing\r\nX-Kept: 1\r\n\r\n`));
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect([answer.status, await answer.text(), answer.headers.get("x-kept")]).toEqual([status, "", "1"]);
});

test("a redirect of the engine is the client's to follow", async () => {
  backend.behave((talk) => talk.answer(307, "", { location: "http://elsewhere.invalid/v1" }));
  const answer = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: '{"model":"m"}',
    redirect: "manual",
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([307, "http://elsewhere.invalid/v1"]);
});
