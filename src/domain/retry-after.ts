/** Reads `Retry-After` (RFC 9110 10.2.3): seconds, or a date. */

/** In milliseconds from now on; undefined where the text says nothing. */
export function retryAfterMs(text: string | null, dateNowMs: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - dateNowMs);
}
