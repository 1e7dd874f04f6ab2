/** Of paths that take no forms engines read JSON whatever a client calls it: no second name or value hides behind a type. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(["m", "other"], (talk) => talk.answer(200, "{}"), "both");
  router = await routerOver(
    { a: { url: backend.url, engine: "ollama" } },
    "[defaults]\nforce = { options = { temperature = 0.5 } }\n",
  );
});

afterAll(async () => {
  await Promise.all([router, backend].map((one) => one[Symbol.asyncDispose]()));
});

const TYPE = "multipart/form-data; boundary=XX";
const FORM = '\r\n--XX\r\nContent-Disposition: form-data; name="model"\r\n\r\nother\r\n--XX--\r\n';

function send(path: string, body: string): Promise<Response> {
  return fetch(router.url + path, { method: "POST", headers: { "content-type": TYPE }, body });
}

test.each([
  ["/api/chat", '"options":{"temperature":0.5},'],
  ["/api/generate", '"options":{"temperature":0.5},'],
  ["/api/embed", '"options":{"temperature":0.5},'],
  ["/api/embeddings", '"options":{"temperature":0.5},'],
  ["/v1/chat/completions", '"temperature":0.5,'],
  ["/v1/messages", '"temperature":0.5,'],
])("%s: JSON with a form behind it is JSON", async (path, forced) => {
  const index = backend.talks.length;
  await send(path, `{"model":"m"}${FORM}`);
  const talk = await backend.talk(index);
  expect(talk.body.toString()).toBe(`{${forced}"model":"m"}${FORM}`);
  expect(talk.headers.get("content-type")).toBe("application/json");
});

test("a form is refused where JSON is read", async () => {
  const before = backend.talks.length;
  const answer = await send("/api/chat", FORM.trimStart());
  expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([400, ["error"]]);
  expect(backend.talks.length).toBe(before);
});
