/** No spelling of a path reaches another route, or another path of a backend, than the one it names. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { rawClient } from "../support/client.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["m:latest"], (talk) => talk.answer(200, "{}"), "ollama");
  router = await mellamo(`[[backend]]\nurl = "${backend.url}"\nengine = "ollama"\n`);
});

afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

/** Sends a request line as it is, and returns the status and the path that reached the backend, if any did. */
async function send(
  method: string,
  target: string,
  body = '{"model":"m"}',
): Promise<{ status: number; upstream: string | undefined }> {
  const before = backend.talks.length;
  using client = await rawClient(router.port);
  client.send(
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await client.ended;
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(client.received())?.[1]);
  return { status, upstream: backend.talks[before]?.path };
}

/** One path, spelled in ways that RFC 3986 calls the same; all are that path, here and at the backend. */
test.each([
  "/v1/../api/chat",
  "/v1/models/../../api/chat",
  "/v1/%2e%2e/api/chat",
  "/api/./chat",
  "//api//chat",
  "/api/chat/",
  "/api/%63hat",
  "/../../api/chat",
  "/api\\chat",
  "/api/chat?x=/v1/models",
])("POST %s is a chat", async (target) => {
  const query = target.includes("?") ? target.slice(target.indexOf("?")) : "";
  expect(await send("POST", target)).toEqual({ status: 200, upstream: `/api/chat${query}` });
});

test.each(["/v1/../api/delete", "/api/../api/delete", "/v1/models/%2e%2e/%2e%2e/api/delete"])(
  "GET %s is no way to delete",
  async (target) => {
    expect(await send("GET", target, "")).toEqual({ status: 405, upstream: undefined });
  },
);

test.each([
  "/v1/models/..%2F..%2Fapi%2Fdelete",
  "/v1/models/%252e%252e/api/delete",
  "/v1/models/%00",
  "/v1/models/a%0d%0ab",
])("GET %s asks for a model of an odd name", async (target) => {
  const { status, upstream } = await send("GET", target, "");
  expect([400, 404]).toContain(status);
  expect(upstream).toBeUndefined();
});

test.each([
  "/api/blobs/../chat",
  "/api/blobs/sha256:..%2f..%2fapi%2fdelete",
  `/api/blobs/sha256:${"a".repeat(64)}%3fx`,
  "/api/blobs/",
])("POST %s uploads nothing", async (target) => {
  const { upstream } = await send("POST", target);
  expect(upstream === undefined || upstream === "/api/chat").toBe(true);
});

test.each([
  "/API/chat",
  "/api/Chat",
  "/api/chat;x",
  "/api/chat%20",
  "/api/chat%00",
  "/props",
  "/api/chat/x",
  "/v1",
])("POST %s is no path at all", async (target) => {
  expect(await send("POST", target)).toEqual({ status: 404, upstream: undefined });
});
