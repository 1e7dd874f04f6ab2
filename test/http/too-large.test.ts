/** A body that is too large is refused so that the client can read why, and go on. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

const LIMIT = 1_000_000;
const TEXT = "request body is larger than 1MB";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(
    ["tiny"],
    (talk) => talk.answer(200, JSON.stringify({ model: "tiny", length: talk.body.length })),
    "ollama",
  );
  router = await routerOver({ a: { url: backend.url, engine: "ollama" } }, '[server]\nmax_body = "1MB"\n');
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

/** A JSON body of exactly this many bytes. */
function bodyOf(bytes: number): string {
  const empty = '{"model":"tiny","p":""}';
  return `${empty.slice(0, -2)}${"x".repeat(bytes - empty.length)}"}`;
}

const LARGE = bodyOf(3 * LIMIT);

/** The same in chunks of a length that divides nothing. */
function* chunksOf(body: string): Generator<string> {
  for (let at = 0; at < body.length; at += 70_001) {
    const piece = body.slice(at, at + 70_001);
    yield `${piece.length.toString(16)}\r\n${piece}\r\n`;
  }
  yield "0\r\n\r\n";
}

const HEAD = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\n";

const WAYS: [how: string, send: (client: RawClient) => void][] = [
  ["with its length", (client) => client.send(post("/api/chat", LARGE))],
  [
    "in chunks",
    (client) => {
      client.send(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      for (const chunk of chunksOf(LARGE)) client.send(chunk);
    },
  ],
  [
    "as zstd, which is small until it is inflated",
    (client) => {
      const sent = Bun.zstdCompressSync(LARGE);
      client.send(`${HEAD}Content-Encoding: zstd\r\nContent-Length: ${sent.length}\r\n\r\n`);
      client.send(sent);
    },
  ],
  [
    "as gzip, which is small until it is inflated",
    (client) => {
      const sent = Bun.gzipSync(LARGE);
      client.send(`${HEAD}Content-Encoding: gzip\r\nContent-Length: ${sent.length}\r\n\r\n`);
      client.send(sent);
    },
  ],
];

test.each(WAYS)("sent %s it is refused, and the connection goes on", async (_, send) => {
  using client = await rawClient(router.port);
  send(client);
  expect(await client.until(/larger than/)).toMatch(
    /^HTTP\/1\.1 413 [^]*\r\n\r\n\{"error":"request body is larger than 1MB"\}$/,
  );
  client.send(post("/api/chat", '{"model":"tiny"}'));
  await client.until(/HTTP\/1\.1 200 [^]*"length":16\}$/);
});

test.each<[string, object]>([
  ["/v1/chat/completions", { error: { message: TEXT, type: "api_error", param: null, code: null } }],
  ["/v1/messages", { type: "error", error: { type: "api_error", message: TEXT }, request_id: "req_1" }],
  ["/api/pull", { error: TEXT }],
  ["/api/delete", { error: TEXT }],
])("%s says so in its dialect", async (path, body) => {
  const method = path === "/api/delete" ? "DELETE" : "POST";
  const answer = await fetch(router.url + path, {
    method,
    body: LARGE,
    headers: { "x-request-id": "req_1" },
  });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toEqual(body);
});

test("a client that would go on sending for ever gets its answer at once", async () => {
  using client = await rawClient(router.port);
  client.send(`${HEAD}Content-Length: 1000000000000\r\n\r\n{`);
  await within(1000, client.until(/413 .*larger than/s));
});

test.each(["identity", "gzip", "zstd"])(
  "a %s body of just the limit is let through, one byte more is not",
  async (encoding) => {
    const compress = { identity: (text: string) => text, gzip: Bun.gzipSync, zstd: Bun.zstdCompressSync };
    const headers = { "content-encoding": encoding };
    const wrap = compress[encoding as keyof typeof compress];
    const statuses = [];
    for (const bytes of [LIMIT, LIMIT + 1]) {
      const answer = await fetch(`${router.url}/api/chat`, {
        method: "POST",
        headers,
        body: wrap(bodyOf(bytes)),
      });
      if (answer.ok) expect(await answer.json()).toEqual({ model: "tiny", length: bytes });
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([200, 413]);
  },
);

test("nothing that was too large reached the backend", () => {
  const lengths = backend.talks.map(({ body }) => body.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(LIMIT);
});
