/** What a backend answers reaches the client; what it says of its connection does not. */

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

/** What the client gets when the backend writes just this. */
async function relayed(head: readonly string[], body: string, asking: readonly string[] = []): Promise<Said> {
  backend.behave((talk) => talk.send(`${["HTTP/1.1 200 OK", ...head].join("\r\n")}\r\n\r\n${body}`));
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"m"}', ["Connection: close", ...asking]));
  await client.ended;
  return readAnswer(client.received());
}

const JSON_TYPE = "Content-Type: application/json";

test("what speaks of the backend's connection stays behind", async () => {
  const said = await relayed(
    [
      JSON_TYPE,
      "Content-Length: 2",
      "Connection: keep-alive, X-Private",
      "X-Private: 1",
      "Keep-Alive: timeout=5",
      "Upgrade: h2c",
      "Proxy-Authenticate: Basic",
      "Access-Control-Allow-Origin: *",
    ],
    "{}",
  );
  const names = [...said.headers.keys()];
  const gone = ["x-private", "keep-alive", "upgrade", "proxy-authenticate", "access-control-allow-origin"];
  expect(gone.filter((name) => names.includes(name))).toEqual([]);
});

test("all else is there as it came, and cookies stay apart", async () => {
  const said = await relayed(
    [
      JSON_TYPE,
      "Content-Length: 2",
      "Server: llama.cpp",
      "Date: Sat, 01 Jan 2028 00:00:00 GMT",
      "openai-processing-ms: 7",
      "Retry-After: 3",
      "Set-Cookie: a=1; Expires=Sat, 01 Jan 2028 00:00:00 GMT",
      "Set-Cookie: b=2",
      "Cache-Control: private",
      "X-Request-Id: the backend's",
    ],
    "{}",
  );
  expect(said.headers.getSetCookie()).toEqual(["a=1; Expires=Sat, 01 Jan 2028 00:00:00 GMT", "b=2"]);
  expect(Object.fromEntries(said.headers)).toMatchObject({
    server: "llama.cpp",
    date: "Sat, 01 Jan 2028 00:00:00 GMT",
    "openai-processing-ms": "7",
    "retry-after": "3",
    "cache-control": "private",
    "content-length": "2",
  });
  expect(said.headers.get("x-request-id")).toMatch(/^req_/);
});

test.each(["gzip", "br", "zstd"])(
  "an answer in %s, though it was asked for in plain, is left alone",
  async (encoding) => {
    const body = 'no matter what: {"model":"other"}';
    const said = await relayed(
      [JSON_TYPE, `Content-Encoding: ${encoding}`, `Content-Length: ${body.length}`],
      body,
    );
    expect([said.body, said.headers.get("content-encoding")]).toEqual([body, encoding]);
  },
);

test("an encoded stream is left alone too", async () => {
  const said = await relayed(
    ["Content-Type: text/event-stream", "Content-Encoding: gzip", "Transfer-Encoding: chunked"],
    '10\r\ndata: {"model":1\r\n0\r\n\r\n',
  );
  expect([said.body, said.headers.get("content-encoding")]).toEqual(['data: {"model":1', "gzip"]);
});

test("the client's request id comes back, whatever the backend says", async () => {
  const said = await relayed([JSON_TYPE, "Content-Length: 2", "X-Request-Id: theirs"], "{}", [
    "X-Request-Id: mine-7",
  ]);
  expect(said.headers.get("x-request-id")).toBe("mine-7");
});
