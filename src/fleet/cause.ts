/** Says in plain words why a call to a backend failed. Bun's own messages speak to programmers. */

import { codeOf } from "../domain/failure.ts";

const WORDS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "host not found",
  EAI_AGAIN: "no name server answers",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "connection timed out",
  EPROTO: "no TLS on that port",
  ECONNRESET: "connection closed without an answer",
  Malformed_HTTP_Response: "the answer is not HTTP",
  AnswerTooLarge: "its answer is too large",
  TimeoutError: "no answer in time",
};

export function causeText(failure: unknown): string {
  const code = codeOf(failure);
  return WORDS[code] ?? code;
}
