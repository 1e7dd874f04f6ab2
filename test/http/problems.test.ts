/** Whatever stands in a request's way is told in the shape of its dialect, and nothing more is given away. */

import { afterAll, describe, expect, test } from "bun:test";

import { readConfig } from "../../src/config/read.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { type Route, routerOf } from "../../src/http/router.ts";
import { openServer } from "../../src/http/server.ts";
import { Live } from "../../src/live/live.ts";
import { FileStore } from "../../src/store/file-store.ts";
import { logTo } from "../../src/telemetry/log.ts";

interface Told {
  readonly problem: Problem;
  readonly status: number;
  readonly text: string;
  readonly openai: string;
  readonly anthropic: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const TEXT = 'model "x" is "odd"';

function told(problem: Problem, status: number, text = TEXT, more: Partial<Told> = {}): Told {
  return { problem, status, text, openai: "api_error", anthropic: "api_error", ...more };
}

const INVALID = { openai: "invalid_request_error", anthropic: "invalid_request_error" };
const NOT_FOUND = { openai: "not_found_error", anthropic: "not_found_error" };

const TOLD: Told[] = [
  told({ problem: "bad request", text: TEXT }, 400, TEXT, INVALID),
  told({ problem: "not found", text: TEXT }, 404, TEXT, NOT_FOUND),
  told({ problem: "unknown path" }, 404, "404 page not found", NOT_FOUND),
  told({ problem: "wrong method", allow: "HEAD, GET" }, 405, "405 method not allowed", {
    headers: { allow: "HEAD, GET" },
  }),
  told({ problem: "conflict", text: TEXT }, 409),
  told({ problem: "too large", limit: "256MiB" }, 413, "request body is larger than 256MiB"),
  told({ problem: "unknown encoding", encoding: "br" }, 415, 'unsupported content encoding "br"'),
  told({ problem: "bug" }, 500, "internal error"),
  told({ problem: "unserved", text: TEXT }, 501),
  // the official clients would otherwise repeat what has been tried everywhere
  told({ problem: "unreachable", text: TEXT }, 502, TEXT, { headers: { "x-should-retry": "false" } }),
  told({ problem: "none up", text: TEXT }, 503, TEXT, {
    anthropic: "overloaded_error",
    headers: { "retry-after": "5" },
  }),
  told(
    { problem: "loop" },
    508,
    "this request has passed through this server already: a backend leads back to it",
  ),
];

const WORDLESS: Pick<Told, "problem" | "status">[] = [
  { problem: { problem: "foreign host", host: "evil.example" }, status: 403 },
  { problem: { problem: "foreign origin", origin: "http://evil.example" }, status: 403 },
  { problem: { problem: "client gone" }, status: 499 },
];

const logged: string[] = [];
const log = logTo(
  (line) => logged.push(line),
  "info",
  "logfmt",
  () => new Date(),
);
const DIALECTS = ["/api", "/v1", "/v1/messages", "/else"];
const problems = [...TOLD, ...WORDLESS].map(({ problem }) => problem);
const routes = DIALECTS.flatMap((base): Route[] => [
  ...problems.map((problem): Route => [["GET"], `${base}/${slug(problem)}`, () => problem]),
  [["GET"], `${base}/throws`, () => thrown()],
]);
const read = readConfig('[server]\nlisten = "127.0.0.1:0"\n', "test", {});
if (read.kind === "mistakes") throw new Error("The configuration is wrong");
const store = new FileStore("/nonexistent/server.json");
const live = new Live(
  { config: { ...read.config, backends: [] }, file: undefined, text: "", written: read.written },
  { store, maxInflight: 100, logOf: () => log, read: () => Promise.reject(new Error("not read again")) },
);
const server = openServer(read.config.server.listen, () => live.snapshot, routerOf(routes));

afterAll(async () => {
  await server.stop(true);
});

function slug({ problem }: Problem): string {
  return problem.replaceAll(" ", "-");
}

function thrown(): never {
  throw new Error("the innermost secret");
}

function ask(path: string): Promise<Response> {
  return fetch(new URL(path, server.url), { headers: { "x-request-id": "req_1" } });
}

describe.each(TOLD)("$problem.problem", ({ problem, status, text, openai, anthropic, headers }) => {
  const others = Object.entries({
    allow: null,
    "retry-after": null,
    "x-should-retry": null,
    "x-request-id": "req_1",
    ...headers,
  });

  test.each<[string, string, string]>([
    ["/api", "application/json; charset=utf-8", JSON.stringify({ error: text })],
    [
      "/v1",
      "application/json",
      `${JSON.stringify({ error: { message: text, type: openai, param: null, code: null } })}\n`,
    ],
    [
      "/v1/messages",
      "application/json",
      `${JSON.stringify({ type: "error", error: { type: anthropic, message: text }, request_id: "req_1" })}\n`,
    ],
    ["/else", "text/plain; charset=utf-8", text],
  ])("is told below %s as %s", async (base, type, body) => {
    const answer = await ask(`${base}/${slug(problem)}`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(await answer.text()).toBe(body);
    expect(others.map(([name]) => [name, answer.headers.get(name)])).toEqual(others);
  });
});

describe.each(WORDLESS)("$problem.problem", ({ problem, status }) => {
  test.each(DIALECTS)("is told below %s by its status alone", async (base) => {
    const answer = await ask(`${base}/${slug(problem)}`);
    expect([answer.status, await answer.text()]).toEqual([status, ""]);
    expect(answer.headers.has("content-type")).toBe(false);
  });
});

test.each(DIALECTS)(
  "a bug below %s is an internal error to the client, and a stack only in the log",
  async (base) => {
    logged.length = 0;
    const answer = await ask(`${base}/throws`);
    const body = await answer.text();
    expect(answer.status).toBe(500);
    expect(body).toBe(await (await ask(`${base}/bug`)).text());
    expect(body + JSON.stringify([...answer.headers])).not.toMatch(/secret|problems\.test|thrown/);
    expect(logged.join("")).toMatch(/level=error event=bug id=req_1 .*the innermost secret.*problems\.test/);
  },
);

test("a bug does not keep the next request from being answered", async () => {
  await ask("/api/throws");
  expect((await ask("/api/conflict")).status).toBe(409);
});

test("a request's line in the log names its problem", async () => {
  logged.length = 0;
  await ask("/v1/conflict");
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(
    /event=request id=req_1 method=GET path=\/v1\/conflict status=409 .*problem=conflict/,
  );
});
