/** Each problem has one status and words that a client understands. */

import { expect, test } from "bun:test";

import { isProblem, type Problem, quoted, statusOf, textOf } from "../../src/domain/problem.ts";

test.each<[Problem, number, string]>([
  [{ problem: "bad request", text: "invalid model name" }, 400, "invalid model name"],
  [{ problem: "foreign host", host: "evil\n" }, 403, 'host "evil\\n" is not allowed'],
  [{ problem: "foreign origin", origin: "null" }, 403, 'origin "null" is not allowed'],
  [{ problem: "not found", text: "model 'x' not found" }, 404, "model 'x' not found"],
  [{ problem: "unknown path" }, 404, "404 page not found"],
  [{ problem: "wrong method", allow: "GET" }, 405, "405 method not allowed"],
  [{ problem: "conflict", text: "defined in the file" }, 409, "defined in the file"],
  [{ problem: "too large", limit: "256MiB" }, 413, "request body is larger than 256MiB"],
  [{ problem: "unknown encoding", encoding: "br" }, 415, 'unsupported content encoding "br"'],
  [{ problem: "client gone" }, 499, "request canceled"],
  [{ problem: "bug" }, 500, "internal error"],
  [{ problem: "unserved", text: "no engine has it" }, 501, "no engine has it"],
  [{ problem: "unreachable", text: "none could be reached" }, 502, "none could be reached"],
  [{ problem: "none up", text: "none is up" }, 503, "none is up"],
  [{ problem: "unsaved", text: "the disk is full" }, 500, "the disk is full"],
  [{ problem: "foreign store", text: "it is of a newer version" }, 503, "it is of a newer version"],
])("%j is %d: %s", (problem, status, text) => {
  expect(statusOf(problem)).toBe(status);
  expect(textOf(problem)).toBe(text);
});

test("a request that came back to where it began is a loop, and the words say so", () => {
  expect(statusOf({ problem: "loop" })).toBe(508);
  expect(textOf({ problem: "loop" })).toContain("passed through this server already");
});

test("what a client sent is quoted so that it cannot break out of the words", () => {
  expect(textOf({ problem: "unknown encoding", encoding: 'a"\n' })).toBe(
    'unsupported content encoding "a\\"\\n"',
  );
});

test("a problem is told from an answer", () => {
  expect(isProblem({ problem: "bug" })).toBe(true);
  expect(isProblem(new Response())).toBe(false);
  expect(isProblem({})).toBe(false);
});

test("a name is quoted as it is up to 200 characters, and cut behind them", () => {
  expect(quoted("tiny")).toBe("tiny");
  expect(quoted("x".repeat(200))).toBe("x".repeat(200));
  expect(quoted("x".repeat(10_000))).toBe(`${"x".repeat(200)}…`);
});
