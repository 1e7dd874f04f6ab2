/** Writes a problem in the shape that clients of a dialect read (wire facts: Ollama's `openai.NewError`, `anthropic.NewError`). */

import { type Problem, RETRY_AFTER_SECONDS, statusOf, textOf } from "../domain/problem.ts";
import type { Dialect } from "./dialect.ts";

/** The answer to a request that cannot be served. Without a dialect it is plain text. */
export function problemReply(problem: Problem, dialect: Dialect | undefined, requestId: string): Response {
  const status = statusOf(problem);
  const headers = new Headers();
  if (problem.problem === "wrong method") headers.set("allow", problem.allow);
  if (problem.problem === "none up")
    headers.set("retry-after", String(problem.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
  if (problem.problem === "busy") headers.set("retry-after", String(RETRY_AFTER_SECONDS));
  // every candidate has been tried; the official clients would otherwise try twice more by themselves
  if (problem.problem === "unreachable" || problem.problem === "late") headers.set("x-should-retry", "false");
  // Ollama refuses foreign hosts and origins without a word, whatever the path
  if (problem.problem === "foreign host" || problem.problem === "foreign origin" || status === 499) {
    return new Response(null, { status, headers });
  }
  const body = BODIES[dialect ?? "none"](status, textOf(problem), requestId);
  // below `/v1`, Ollama writes like this what goes wrong after it has understood the request
  const isLine = (dialect === "openai" || dialect === "anthropic") && problem.problem !== "unreadable";
  const type = dialect === undefined ? "text/plain" : "application/json";
  headers.set("content-type", isLine ? type : `${type}; charset=utf-8`);
  return new Response(isLine ? `${body}\n` : body, { status, headers });
}

const BODIES: Record<Dialect | "none", (status: number, text: string, requestId: string) => string> = {
  ollama: (_, text) => JSON.stringify({ error: text }),
  openai: (status, text) =>
    JSON.stringify({
      error: { message: text, type: OPENAI_TYPES[status] ?? "api_error", param: null, code: null },
    }),
  anthropic: (status, text, requestId) =>
    JSON.stringify({
      type: "error",
      error: { type: ANTHROPIC_TYPES[status] ?? "api_error", message: text },
      request_id: requestId,
    }),
  none: (_, text) => text,
};

const OPENAI_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  404: "not_found_error",
};

const ANTHROPIC_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  503: "overloaded_error",
  529: "overloaded_error",
};
