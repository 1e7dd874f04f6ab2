/** Says in plain words why a call to a backend failed. Bun's own messages speak to programmers. */

const WORDS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "host not found",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "connection timed out",
  EPROTO: "no TLS on that port",
  ECONNRESET: "connection closed without an answer",
  Malformed_HTTP_Response: "the answer is not HTTP",
  AnswerTooLarge: "its list of models is too large",
  TimeoutError: "no answer in time",
};

export function causeText(failure: unknown): string {
  const code = codeOf(failure);
  return WORDS[code] ?? code;
}

/** The code of a system error, or the name of any other. */
export function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return "unknown failure";
  const code: unknown = Reflect.get(failure, "code");
  return typeof code === "string" ? code : failure.name;
}
