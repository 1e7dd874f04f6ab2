/** Every path answers its methods and refuses all others, however it is written. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { saidIn, say, sayAgain } from "../support/say.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(
    ["tiny:latest", "org/repo:q4"],
    (talk) => talk.answer(200, talk.method === "HEAD" ? "" : '{"model":"tiny:latest"}'),
    "ollama",
  );
  router = await routerOver({ a: { url: backend.url, engine: "ollama" } });
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

const DIGEST = `sha256:${"ab".repeat(32)}`;

const PATHS: [path: string, allow: string][] = [
  ["/", "HEAD, GET"],
  ["/api", "HEAD, GET"],
  ["/api/version", "HEAD, GET"],
  ["/api/status", "GET"],
  ["/api/tags", "HEAD, GET"],
  ["/api/ps", "GET"],
  ["/api/show", "POST"],
  ["/api/chat", "POST"],
  ["/api/generate", "POST"],
  ["/api/embed", "POST"],
  ["/api/embeddings", "POST"],
  ["/api/pull", "POST"],
  ["/api/push", "POST"],
  ["/api/create", "POST"],
  ["/api/copy", "POST"],
  ["/api/delete", "DELETE"],
  [`/api/blobs/${DIGEST}`, "HEAD, POST"],
  ["/v1/models", "GET"],
  ["/v1/models/tiny", "GET"],
  ["/v1/models/org/repo:q4", "GET"],
  ["/v1/chat/completions", "POST"],
  ["/v1/completions", "POST"],
  ["/v1/embeddings", "POST"],
  ["/v1/responses", "POST"],
  ["/v1/rerank", "POST"],
  ["/v1/audio/transcriptions", "POST"],
  ["/v1/audio/translations", "POST"],
  ["/v1/audio/speech", "POST"],
  ["/v1/images/generations", "POST"],
  ["/v1/images/edits", "POST"],
  ["/v1/messages", "POST"],
  ["/v1/messages/count_tokens", "POST"],
  ["/healthz", "HEAD, GET"],
  ["/readyz", "HEAD, GET"],
  ["/mellamo/status", "GET"],
  ["/mellamo/resolve", "GET"],
];

describe.each(PATHS)("%s", (path, allow) => {
  const methods = ["HEAD", "GET", "POST", "PUT", "PATCH", "DELETE"].filter((one) => !allow.includes(one));

  test.each(methods)("refuses %s and names what it allows", async (method) => {
    const said = await say(router.port, `${method} ${path}`);
    expect([said.status, said.headers.get("allow")]).toEqual([405, allow]);
    if (method !== "HEAD") expect(said.body).toContain("405 method not allowed");
  });

  test.each(allow.split(", "))("knows %s", async (method) => {
    const { status } = await say(router.port, `${method} ${path}`);
    expect([404, 405]).not.toContain(status);
  });

  test("answers OPTIONS before anything else, with what it allows", async () => {
    const said = await say(router.port, `OPTIONS ${path}`);
    expect([said.status, said.headers.get("allow"), said.body]).toEqual([204, allow, ""]);
  });
});

test.each([
  "ollama-method-405-chat-get",
  "ollama-method-405-delete-post",
  "ollama-method-405-messages-get",
  "ollama-method-405-ps-head",
  "ollama-method-405-put",
  "ollama-method-405-root-post",
  "ollama-method-405-tags-post",
  "ollama-method-405-v1-get",
  "ollama-method-405-v1-models-head",
  "ollama-blob-get-405",
])("%s: status and Allow are those of the capture", async (name) => {
  const answer = saidIn(name);
  const said = await sayAgain(router.port, name);
  expect(said.status).toBe(answer.status);
  expect(said.headers.get("allow")).toBe(answer.headers.get("allow"));
});

test.each<[string, string]>([
  ["/api/nope", '{"error":"404 page not found"}'],
  ["/api/chat/x", '{"error":"404 page not found"}'],
  [
    "/v1/nope",
    '{"error":{"message":"404 page not found","type":"not_found_error","param":null,"code":null}}\n',
  ],
  ["/nope", "404 page not found"],
  ["/API/tags", "404 page not found"],
  ["/v1x", "404 page not found"],
  ["/apix", "404 page not found"],
  ["/mellamo", "404 page not found"],
])("GET and POST %s are not found, in the words of the dialect", async (path, body) => {
  for (const method of ["GET", "POST"]) {
    const said = await say(router.port, `${method} ${path}`);
    expect([said.status, said.body]).toEqual([404, body]);
    expect(said.headers.has("allow")).toBe(false);
  }
});

test("what is not found below /v1/messages is said in Anthropic's shape, with the request's id", async () => {
  const said = await say(router.port, "POST /v1/messages/nope", ["X-Request-Id: mine"]);
  expect(said.status).toBe(404);
  expect(JSON.parse(said.body)).toEqual({
    type: "error",
    error: { type: "not_found_error", message: "404 page not found" },
    request_id: "mine",
  });
});

test.each(["/nope", "/api/nope", "/v1/nope"])(
  "OPTIONS %s is answered with 204 all the same",
  async (path) => {
    const said = await say(router.port, `OPTIONS ${path}`);
    expect([said.status, said.headers.has("allow"), said.body]).toEqual([204, false, ""]);
  },
);

test.each([
  "/api/version/",
  "//api/version",
  "/api//version",
  "/api/./version",
  "/v1/../api/version",
  "/%2e%2e/api/version",
  "/api%2Fversion",
  "/api/ver%73ion?x=1",
  "http://localhost/api/version",
])("GET %s is answered as /api/version, without a redirect", async (path) => {
  const said = await say(router.port, `GET ${path}`);
  expect([said.status, said.body]).toEqual([200, '{"version":"0.33.0"}']);
});

test("a path is matched and sent upstream in one and the same form", async () => {
  for (const path of ["/v1/models/../chat//completions/", "/v1/chat%2Fcompletions"]) {
    expect((await say(router.port, `POST ${path}`, [], '{"model":"tiny"}')).status).toBe(200);
    expect(backend.talks.at(-1)?.path).toBe("/v1/chat/completions");
  }
});

test.each(["?beta=true", "?a=%2F&b=//&c=../x&d=%zz", "?model=other"])(
  "the query %s is passed on upstream as it came",
  async (query) => {
    expect((await say(router.port, `POST /v1/messages${query}`, [], '{"model":"tiny"}')).status).toBe(200);
    expect(backend.talks.at(-1)?.path).toBe(`/v1/messages${query}`);
  },
);
