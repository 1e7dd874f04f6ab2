/** What runs when the configuration changes ends under the one it began with. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, change, table, teller, whoAnswers } from "../support/reloading.ts";
import { answerOn } from "../support/response.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;
const PIECE = 'data: {"model":"m"}\n\n';

let streaming: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeEach(async () => {
  streaming = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk(PIECE);
  });
  two = await teller("two");
  router = await mellamo(BEFORE());
});

afterEach(async () => {
  await Promise.all([router, streaming, two].map((each) => each[Symbol.asyncDispose]()));
});

const BEFORE = (): string =>
  `${table("one", streaming, 'key = "old"')}${table("two", two)}[aliases]\n${aliasTo("one")}`;

/** Other configurations, of which none leads a request for "a" to where the first one does. */
const CHANGES: readonly (readonly [string, () => string])[] = [
  ["its backend is removed", () => `${table("two", two)}[aliases]\n${aliasTo("two")}`],
  [
    "its alias leads elsewhere",
    () => `${table("one", streaming, 'key = "old"')}${table("two", two)}[aliases]\n${aliasTo("two")}`,
  ],
  ["its alias is removed", () => `${table("one", streaming, 'key = "old"')}${table("two", two)}`],
  [
    "its backend has another key",
    () => `${table("one", streaming, 'key = "new"')}${table("two", two)}[aliases]\n${aliasTo("two")}`,
  ],
  [
    "its backend has another name, and another one has its name",
    () => `${table("two", streaming)}${table("one", two)}[aliases]\n${aliasTo("one")}`,
  ],
  ["nothing of it is left", () => `${table("two", two)}`],
];

async function beginStream(): Promise<RawClient> {
  const client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"a","stream":true}', ["Connection: close"]));
  await client.until(/data: /);
  return client;
}

async function finishStream(talk: Talk, client: RawClient): Promise<string> {
  for (let piece = 0; piece < 3; piece++) await talk.chunk(PIECE);
  await talk.chunk("");
  return (await within(SOON_MS, answerOn(client))).body.toString();
}

test.each(CHANGES)("a stream goes on to its end when %s", async (_, after) => {
  using client = await beginStream();
  await change(router, after());
  const whole = await finishStream(await streaming.talk(0), client);
  expect(whole).toBe('data: {"model":"a"}\n\n'.repeat(4));
});

test.each(CHANGES)("a body that is being sent gets where it was sent to when %s", async (_, after) => {
  streaming.behave((talk) => talk.answer(200, '{"model":"m","from":"one"}'));
  using client = await rawClient(router.port);
  const request = post("/v1/chat/completions", '{"model":"a","messages":[]}', ["Connection: close"]);
  client.send(request.slice(0, -10));
  // it has begun when a request that came later is answered
  await whoAnswers(router, "m");
  await change(router, after());
  client.send(request.slice(-10));
  await within(SOON_MS, client.ended);
  expect(client.received()).toContain('{"model":"a","from":"one"}');
  expect((await streaming.talk(streaming.talks.length - 1)).headers.get("authorization")).toBe("Bearer old");
});

test.each(CHANGES)("a client that leaves stops its engine when %s", async (_, after) => {
  const client = await beginStream();
  await change(router, after());
  client.leave();
  await within(SOON_MS, (await streaming.talk(0)).closed);
});

test("a body may be as long as it was allowed to be when it came", async () => {
  streaming.behave((talk) => talk.answer(200, '{"model":"m","from":"one"}'));
  using client = await rawClient(router.port);
  const body = JSON.stringify({ model: "a", pad: "x".repeat(5000) });
  client.send(
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n` +
      `${body.length.toString(16)}\r\n${body.slice(0, 100)}`,
  );
  await whoAnswers(router, "m");
  await change(router, `[server]\nmax_body = "1KiB"\n${BEFORE()}`);
  client.send(`${body.slice(100)}\r\n0\r\n\r\n`);
  await within(SOON_MS, client.ended);
  expect(client.received()).toContain('"from":"one"');
});

test("a request whose engine fails moves on to the next one that it could have had", async () => {
  const both = `${table("one", streaming, "priority = 200")}${table("two", two)}`;
  await change(router, both);
  streaming.behave(() => {});
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"m"}', ["Connection: close"]));
  const talk = await streaming.talk(0);
  streaming.behave((again) => again.reset());
  await change(router, "");
  talk.reset();
  await within(SOON_MS, client.ended);
  expect(client.received()).toContain('"from":"two"');
});
