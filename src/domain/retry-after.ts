/** Reads when a server wants to be asked again: `Retry-After` (RFC 9110 10.2.3), or OpenAI's finer `retry-after-ms`. */

/** In milliseconds from `dateNowMs` on; undefined where the headers say nothing of it. */
export function retryAfterMs(headers: Pick<Headers, "get">, dateNowMs: number): number | undefined {
  const ms = number(headers.get("retry-after-ms"));
  if (ms !== undefined) return ms;
  const text = headers.get("retry-after");
  const seconds = number(text);
  if (seconds !== undefined) return seconds * 1000;
  const atMs = Date.parse(text ?? "");
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - dateNowMs);
}

function number(text: string | null): number | undefined {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
