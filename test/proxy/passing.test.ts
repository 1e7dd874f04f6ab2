/** What a client says of itself reaches the backend; what it says of its connection does not. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

let open: RawBackend;
let locked: RawBackend;
let router: Mellamo;

const OK = (talk: Talk): Promise<void> => talk.answer(200, '{"model":"m"}');

beforeAll(async () => {
  open = await rawBackend(["m"], OK);
  locked = await rawBackend(["n"], OK);
  router = await routerOver(
    {
      open: { url: open.url, engine: "openai" },
      locked: { url: locked.url, engine: "openai", key: "sk-own" },
    },
    '[aliases]\nplain = { targets = ["m"], echo = false }\n',
  );
});

afterAll(async () => {
  await Promise.all([router, open, locked].map((one) => one[Symbol.asyncDispose]()));
});

async function arrived(
  headers: readonly string[],
  model = "m",
  backend = open,
): Promise<ReadonlyMap<string, string>> {
  const said = await say(router.port, "POST /v1/chat/completions", headers, `{"model":"${model}"}`);
  expect(said.status).toBe(200);
  return backend.talks.at(-1)?.headers ?? new Map();
}

test("what speaks of the client's connection stays behind", async () => {
  const got = await arrived([
    "Connection: keep-alive, X-Private",
    "X-Private: 1",
    "Keep-Alive: timeout=5",
    "Proxy-Authorization: Basic eA==",
    "Proxy-Connection: keep-alive",
    "TE: trailers",
    "Trailer: X-T",
    "Upgrade: h2c",
    "Origin: http://localhost:3000",
    "X-Public: 2",
  ]);
  const gone = [
    "x-private",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
    "origin",
  ];
  expect(gone.filter((name) => got.has(name))).toEqual([]);
  expect(got.get("x-public")).toBe("2");
});

test("the Host is the backend's own", async () => {
  expect((await arrived(["Host: box.local:99"])).get("host")).toBe(new URL(open.url).host);
});

test("all else is there as it came", async () => {
  const lines = [
    "User-Agent: ollama-js/0.5",
    "Accept: text/event-stream",
    "anthropic-version: 2023-06-01",
    "anthropic-beta: a-1,b-2",
    "X-Stainless-Lang: js",
    "X-Forwarded-For: 10.0.0.1",
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "Cookie: a=1; b=2",
    'X-Odd: "q", \\ ; =',
    "x-request-id: mine",
  ];
  const got = await arrived(lines);
  for (const line of lines) {
    const colon = line.indexOf(": ");
    expect(got.get(line.slice(0, colon).toLowerCase())).toBe(line.slice(colon + 2));
  }
});

test("Via names the router behind whoever was before it", async () => {
  expect((await arrived(["Via: 1.0 edge"])).get("via")).toMatch(/^1\.0 edge, 1\.1 mellamo-[0-9a-f]{8}$/);
});

test("the client's key passes, unless the backend has one of its own", async () => {
  const keys = ["Authorization: Bearer client", "X-Api-Key: client"];
  const passed = await arrived(keys);
  expect([passed.get("authorization"), passed.get("x-api-key")]).toEqual(["Bearer client", "client"]);
  const replaced = await arrived(keys, "n", locked);
  expect([replaced.get("authorization"), replaced.get("x-api-key")]).toEqual(["Bearer sk-own", undefined]);
  expect((await arrived([])).has("authorization")).toBe(false);
});

test("an answer is asked for in plain, unless nothing in it is to be changed", async () => {
  const accept = ["Accept-Encoding: gzip, br"];
  expect((await arrived(accept)).get("accept-encoding")).toBe("identity");
  expect((await arrived(accept, "plain")).get("accept-encoding")).toBe("gzip, br");
  expect((await arrived([], "plain")).has("accept-encoding")).toBe(false);
});
