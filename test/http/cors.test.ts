/** Browsers get the answers that Ollama gives them, captured from a real one. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { capture } from "../support/captures.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { saidIn, say, sayAgain } from "../support/say.ts";

let backend: RawBackend;
let local: Mellamo;
let any: Mellamo;

beforeAll(async () => {
  backend = await rawBackend(
    ["tiny:latest"],
    (talk) =>
      talk.answer(200, '{"model":"tiny:latest","done":true}\n', {
        "content-type": "application/x-ndjson",
        vary: "Accept",
        "access-control-allow-origin": "*",
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-secret",
      }),
    "ollama",
  );
  const table = { a: { url: backend.url, engine: "ollama" } };
  [local, any] = await Promise.all([routerOver(table), routerOver(table, '[server]\norigins = ["*"]\n')]);
});

afterAll(async () => {
  await Promise.all([local, any, backend].map((one) => one[Symbol.asyncDispose]()));
});

/** Ollama's `Vary` lines, in no order. */
function varyOf(headers: Headers): string[] {
  return (headers.get("vary") ?? "").split(", ").filter(Boolean).sort();
}

const COMPARED = ["access-control-allow-origin", "access-control-allow-methods", "access-control-max-age"];

test.each([
  "ollama-cors-404",
  "ollama-cors-405",
  "ollama-cors-get",
  "ollama-cors-get-refused",
  "ollama-cors-null-refused",
  "ollama-cors-same-host",
  "ollama-cors-origin-only-options",
  "ollama-cors-preflight",
  "ollama-cors-preflight-127",
  "ollama-cors-preflight-app",
  "ollama-cors-preflight-refused",
  "ollama-cors-preflight-unknown-path",
  "ollama-cors-preflight-unlisted-header",
])("%s: status and headers are those of the capture", async (name) => {
  const answer = saidIn(name);
  // this page came from the very address that it calls
  const host = name === "ollama-cors-same-host" ? ["Host: 127.0.0.1:11434"] : [];
  const said = await sayAgain(local.port, name, host);
  expect(said.status).toBe(answer.status);
  for (const header of COMPARED) expect(said.headers.get(header)).toBe(answer.headers.get(header));
  expect(varyOf(said.headers)).toEqual(varyOf(answer.headers));
  if (answer.status < 400) expect(said.headers.get("allow")).toBe(answer.headers.get("allow"));
  if (answer.status === 403) expect(said.body).toBe("");
});

test.each([
  "ollama-cors-any-get",
  "ollama-cors-any-null",
  "ollama-cors-any-no-origin",
  "ollama-cors-any-preflight",
])("%s: so it is where every origin is let in", async (name) => {
  const answer = saidIn(name);
  const said = await sayAgain(any.port, name);
  expect(said.status).toBe(answer.status);
  for (const header of COMPARED) expect(said.headers.get(header)).toBe(answer.headers.get(header));
  expect(varyOf(said.headers)).toEqual([]);
});

test.each(["ollama-cors-preflight-unlisted-header", "ollama-cors-preflight-127"])(
  "%s: whatever headers a preflight asks for are allowed",
  async (name) => {
    const said = await sayAgain(local.port, name);
    const asked = capture(name)
      .request?.headers.find((line) => /^access-control-request-headers:/i.test(line))
      ?.replace(/^.*?: /, "");
    expect(said.headers.get("access-control-allow-headers")).toBe(asked ?? "");
  },
);

test("a backend's own CORS headers give way to the router's, on streams too", async () => {
  const said = await sayAgain(local.port, "ollama-cors-stream");
  expect(said.status).toBe(200);
  const names = [...said.headers.keys()].filter((name) => name.startsWith("access-control-"));
  expect(names).toEqual(["access-control-allow-origin"]);
  expect(said.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
  expect(varyOf(said.headers)).toEqual(["Accept", "Origin"]);
});

test("a client that is no browser is told nothing of origins", async () => {
  const said = await say(local.port, "POST /api/chat", [], '{"model":"tiny"}');
  expect([...said.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
});

test("a page that may not call reaches no backend", async () => {
  const before = backend.talks.length;
  const said = await say(local.port, "POST /api/chat", ["Origin: https://example.com"], '{"model":"tiny"}');
  expect([said.status, said.body]).toEqual([403, ""]);
  expect(backend.talks.length).toBe(before);
});

test("a page that may call can read why its request failed", async () => {
  const said = await say(
    local.port,
    "POST /api/chat",
    ["Origin: http://localhost:3000"],
    '{"model":"nosuch"}',
  );
  expect(said.status).toBe(404);
  expect(said.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
});
