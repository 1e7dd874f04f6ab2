/** What is wrong with a request is said as Ollama says it, captured from a real one. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { type Said, saidIn, sayAgain } from "../support/say.ts";

/** Where answers are the same to the last byte. */
const EXACT = [
  "chat-err-array",
  "chat-err-badjson",
  "chat-err-empty",
  "chat-err-emptymodel",
  "chat-err-modeltype",
  "chat-err-nomodel",
  "chat-err-null",
  "chat-err-truncatedjson",
  "chat-404",
  "chat-404-load",
  "chat-404-nonstream",
  "generate-err-badjson",
  "generate-err-empty",
  "generate-err-nomodel",
  "generate-404",
  "generate-404-nonstream",
  "embed-err-badjson",
  "embed-err-empty",
  "embed-err-nomodel",
  "embed-404",
  "embeddings-err-empty",
  "embeddings-err-nomodel",
  "embeddings-404",
  "show-err-badjson",
  "show-err-empty",
  "show-err-nomodel",
  "show-404",
  "show-404-tag",
  "pull-err-badjson",
  "pull-err-empty",
  "pull-err-nomodel",
  "push-err-empty",
  "push-err-nomodel",
  "create-err-badjson",
  "create-err-empty",
  "create-err-nomodel",
  "copy-err-badjson",
  "copy-err-empty",
  "copy-err-missing",
  "copy-404",
  "delete-err-badjson",
  "delete-err-empty",
  "delete-err-nomodel",
  "delete-404",
  "blob-post-invalid",
  "v1-chat-err-nomodel",
  "v1-chat-404",
  "v1-chat-404-stream",
  "v1-completions-404",
  "v1-embeddings-404",
  "v1-responses-err-nomodel",
  "v1-responses-404",
  "v1-models-id-404",
];

/** Where Ollama ends some with a line break and some without. */
const LOOSE = [
  "v1-chat-err-badjson",
  "v1-chat-err-empty",
  "v1-completions-err-badjson",
  "v1-embeddings-err-badjson",
  "v1-responses-err-badjson",
  "v1-responses-err-empty",
];

/** Where each answer has an id of its own. */
const ANTHROPIC = [
  "v1-messages-err-badjson",
  "v1-messages-err-empty",
  "v1-messages-err-nomodel",
  "v1-messages-404",
  "v1-messages-404-stream",
];

/** Bodies that captures do not keep. */
const NOT_KEPT: Readonly<Record<string, string>> = { "blob-post-invalid": "x".repeat(100) };

let backend: RawBackend;
let router: Mellamo;
let answers: ReadonlyMap<string, Said>;

beforeAll(async () => {
  backend = await rawBackend(["tiny:latest"], (talk) => talk.answer(200, "{}"), "ollama");
  router = await routerOver({ a: { url: backend.url, engine: "ollama" } });
  // together: for each unknown name the backends are looked at again, but not for each one by itself
  const all = [...EXACT, ...LOOSE, ...ANTHROPIC, "blob-head-invalid"];
  answers = new Map(
    await Promise.all(all.map(async (name): Promise<[string, Said]> => [name, await replay(name)])),
  );
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

function replay(name: string): Promise<Said> {
  return sayAgain(router.port, `ollama-${name}`, [], NOT_KEPT[name]);
}

function saidTo(name: string): Said {
  const said = answers.get(name);
  if (said === undefined) throw new Error(`${name} was not replayed`);
  return said;
}

test.each(EXACT)("%s: status, type, length and body", (name) => {
  const answer = saidIn(`ollama-${name}`);
  const said = saidTo(name);
  expect([said.status, said.body]).toEqual([answer.status, answer.body]);
  for (const header of ["content-type", "content-length"])
    expect(said.headers.get(header)).toBe(answer.headers.get(header));
});

test.each(LOOSE)("%s: status and error", (name) => {
  const answer = saidIn(`ollama-${name}`);
  const said = saidTo(name);
  expect([said.status, JSON.parse(said.body)]).toEqual([answer.status, JSON.parse(answer.body)]);
  expect(said.headers.get("content-type")).toStartWith("application/json");
});

test.each(ANTHROPIC)("%s: status and error, and an id that the answer's header has too", (name) => {
  const answer = saidIn(`ollama-${name}`);
  const said = saidTo(name);
  const body = JSON.parse(said.body) as { request_id: string };
  expect(said.status).toBe(answer.status);
  expect({ ...body, request_id: "" }).toEqual({ ...JSON.parse(answer.body), request_id: "" });
  expect(body.request_id).toMatch(/^req_/);
  expect(said.headers.get("x-request-id")).toBe(body.request_id);
});

test("HEAD of a blob that is none has the status of the capture", () => {
  const answer = saidIn("ollama-blob-head-invalid");
  const said = saidTo("blob-head-invalid");
  expect([said.status, said.body]).toEqual([answer.status, ""]);
  expect(said.headers.get("content-type")).toBe(answer.headers.get("content-type"));
  expect(said.headers.get("content-length")).toBe(answer.headers.get("content-length"));
});

test("none of these requests was any backend's business", () => {
  expect(backend.talks).toEqual([]);
});
