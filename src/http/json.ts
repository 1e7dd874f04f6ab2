/** Writes answers of our own, as each dialect's originals write them. */

/** Ollama's native paths name the character set. */
export function ollamaJson(value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: { "content-type": "application/json; charset=utf-8" },
  });
}

/** The paths below `/v1`, and our own, end with a line break. */
export function plainJson(value: unknown, status = 200): Response {
  return new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { "content-type": "application/json" },
  });
}
