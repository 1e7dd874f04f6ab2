/** Reads when a server wants to be asked again: `Retry-After` (RFC 9110 10.2.3), or OpenAI's finer `retry-after-ms`. */

/** In milliseconds from `dateNowMs` on; undefined where the headers say nothing of it. */
export function retryAfterMs(headers: Pick<Headers, "get">, dateNowMs: number): number | undefined {
  const ms = number(headers.get("retry-after-ms"));
  if (ms !== undefined) return ms;
  const text = headers.get("retry-after");
  const seconds = number(text);
  if (seconds !== undefined) return seconds * 1000;
  // what is no date by its form, some reader of dates makes one of all the same
  const atMs = /[a-z]{3}.*:/i.test(text ?? "") ? Date.parse(text ?? "") : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - dateNowMs);
}

function number(text: string | null): number | undefined {
  return text !== null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
