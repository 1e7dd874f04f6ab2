/** Requests made to be understood one way here and another way by an engine reach no engine. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m"}'));
  router = await mellamo(`[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n`);
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

// whatever was sent, the next request is answered as if nothing had been
afterEach(async () => {
  const answer = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: '{"model":"m"}' });
  expect(answer.status).toBe(200);
});

const BODY = '{"model":"m"}';
const HIDDEN = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\n\r\n" + BODY;

const REFUSED: [name: string, bytes: string][] = [
  [
    "a length and chunks at once",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    "chunks and a length at once",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    "two lengths",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 13\r\nContent-Length: 0\r\n\r\n${BODY}`,
  ],
  [
    "an encoding that is none",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n${BODY}`,
  ],
  [
    "a blank before the colon",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length : 13\r\n\r\n${BODY}`,
  ],
  ["no Host", `POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 13\r\n\r\n${BODY}`],
  ["line feeds alone", `POST /v1/chat/completions HTTP/1.1\nHost: localhost\nContent-Length: 13\n\n${BODY}`],
  [
    "a Host that is a path",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: evil.example/path?\r\nContent-Length: 13\r\n\r\n${BODY}`,
  ],
  [
    "a Host with blanks",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: local host\r\nContent-Length: 13\r\n\r\n${BODY}`,
  ],
  [
    "a foreign Host",
    `POST /v1/chat/completions HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 13\r\n\r\n${BODY}`,
  ],
];

test.each(REFUSED)("%s", async (_, bytes) => {
  const before = backend.talks.length;
  using client = await rawClient(router.port);
  client.send(bytes);
  const head = await client.until(/^HTTP\/1\.1 \d+/);
  expect(Number(head.slice(9, 12))).toBeGreaterThanOrEqual(400);
  client.leave();
  expect(backend.talks.length).toBe(before);
});

test("a request in the body of another stays a body", async () => {
  const before = backend.talks.length;
  using client = await rawClient(router.port);
  const body = `{"model":"m","p":${JSON.stringify(HIDDEN)}}`;
  client.send(post("/v1/chat/completions", body));
  await client.until(/"model":"m"/);
  expect(backend.talks.slice(before).map((talk) => talk.path)).toEqual(["/v1/chat/completions"]);
  expect(backend.talks[before]?.body.toString()).toBe(body);
});

test("headers that Connection names, and those of one hop, stop here", async () => {
  const index = backend.talks.length;
  using client = await rawClient(router.port);
  client.send(
    post("/v1/chat/completions", BODY, [
      "Connection: keep-alive, x-secret, X-Other",
      "X-Secret: s3cret",
      "x-other: 1",
      "Keep-Alive: timeout=5",
      "TE: trailers",
      "Trailer: x-later",
      "Upgrade: h2c",
      "Proxy-Authorization: Basic Zm9v",
      "Expect: 100-continue",
      "Origin: http://localhost:3000",
      "X-Kept: yes",
    ]),
  );
  const { headers } = await backend.talk(index);
  const names = [...headers.keys()];
  for (const name of [
    "x-secret",
    "x-other",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "proxy-authorization",
    "expect",
    "origin",
  ]) {
    expect(names).not.toContain(name);
  }
  expect(headers.get("x-kept")).toBe("yes");
  expect(headers.get("host")).toBe(`127.0.0.1:${backend.port}`);
  expect(headers.get("content-length")).toBe(String(BODY.length));
});

test.each(["connection: content-length", "connection: host, authorization", 'connection: , ,, =,"x"'])(
  "%s does no harm",
  async (header) => {
    const index = backend.talks.length;
    using client = await rawClient(router.port);
    client.send(post("/v1/chat/completions", BODY, [header]));
    await client.until(/"model":"m"/);
    expect((await backend.talk(index)).body.toString()).toBe(BODY);
  },
);

test("what an engine says of its connection and of browsers stops here too", async () => {
  backend.behave((talk) =>
    talk.answer(200, '{"model":"m"}', {
      "content-type": "application/json",
      connection: "close, x-inner",
      "x-inner": "1",
      "keep-alive": "timeout=5",
      "access-control-allow-origin": "*",
      "access-control-allow-credentials": "true",
      "x-outer": "2",
    }),
  );
  const { headers } = await fetch(`${router.url}/v1/chat/completions`, { method: "POST", body: BODY });
  for (const name of [
    "x-inner",
    "keep-alive",
    "access-control-allow-origin",
    "access-control-allow-credentials",
  ]) {
    expect(headers.get(name)).toBeNull();
  }
  expect(headers.get("x-outer")).toBe("2");
  backend.behave((talk) => talk.answer(200, '{"model":"m"}'));
});
