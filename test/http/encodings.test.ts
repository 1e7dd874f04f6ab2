/** Bodies that come compressed are read as if they had not been. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["tiny"], (talk) => talk.answer(200, '{"model":"tiny"}'), "ollama");
  router = await routerOver({ a: { url: backend.url, engine: "ollama" } }, '[aliases]\nfast = "tiny"\n');
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

const BODY = '{"model":"fast","messages":[],"seed":18446744073709551615}';

function send(path: string, body: Uint8Array | string, encoding: string): Promise<Response> {
  return fetch(router.url + path, { method: "POST", body, headers: { "content-encoding": encoding } });
}

test.each<[string, Uint8Array | string]>([
  ["zstd", Bun.zstdCompressSync(BODY)],
  ["gzip", Bun.gzipSync(BODY)],
  ["x-gzip", Bun.gzipSync(BODY)],
  ["GZip", Bun.gzipSync(BODY)],
  ["identity", BODY],
  ["", BODY],
  ["zstd", Buffer.concat([Bun.zstdCompressSync(BODY.slice(0, 20)), Bun.zstdCompressSync(BODY.slice(20))])],
  ["gzip", Buffer.concat([Bun.gzipSync(BODY.slice(0, 20)), Bun.gzipSync(BODY.slice(20))])],
])(
  "a body in %j goes upstream inflated, with its name replaced and its new length",
  async (encoding, body) => {
    for (const path of ["/api/chat", "/v1/responses", "/v1/messages"]) {
      expect((await send(path, body, encoding)).status).toBe(200);
      const talk = backend.talks.at(-1);
      expect(talk?.body.toString()).toBe(BODY.replace("fast", "tiny"));
      expect(talk?.headers.get("content-length")).toBe(String(BODY.length));
      expect(talk?.headers.has("content-encoding")).toBe(false);
    }
  },
);

test.each(["br", "deflate", "gzip, zstd", "compress", "aws-chunked", "constructor", "__proto__"])(
  "a body in %j is refused by name, and reaches no backend",
  async (encoding) => {
    const before = backend.talks.length;
    const answer = await send("/api/chat", BODY, encoding);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toEqual({
      error: `unsupported content encoding ${JSON.stringify(encoding)}`,
    });
    expect(backend.talks.length).toBe(before);
  },
);

test.each<[string, Uint8Array | string]>([
  ["zstd", BODY],
  ["gzip", BODY],
  ["gzip", Bun.zstdCompressSync(BODY)],
  ["gzip", Bun.gzipSync(BODY).subarray(0, 30)],
])("a body that is not %s, or cut off, is a bad request", async (encoding, body) => {
  const before = backend.talks.length;
  const answer = await send("/api/chat", body, encoding);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: `invalid input: the body is not ${encoding}` });
  expect(backend.talks.length).toBe(before);
});

test.each(["zstd", "gzip"])(
  "no body at all is missing, whatever encoding it is said to have: %s",
  async (encoding) => {
    const answer = await fetch(`${router.url}/api/chat`, {
      method: "POST",
      headers: { "content-encoding": encoding },
    });
    expect([answer.status, await answer.json()]).toEqual([400, { error: "missing request body" }]);
  },
);

test("a body that inflates beyond all reason is refused", async () => {
  const body = Bun.zstdCompressSync(Buffer.alloc(17 << 20, `{"model":"fast","x":"`));
  const answer = await send("/api/chat", body, "zstd");
  expect([answer.status, await answer.json()]).toEqual([
    400,
    { error: "the body inflates to more than 200 times its length" },
  ]);
});
