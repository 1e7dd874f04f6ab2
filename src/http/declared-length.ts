/** Reads how long a request says that its body is. */

/**
 * In bytes; undefined where it does not say. A client that says it twice, both times alike, is let in by Bun, which shows
 * that as a list (RFC 9110 8.6 lets a recipient take it for one); what differs Bun refuses by itself.
 */
export function declaredLength(headers: Headers): number | undefined {
  const [first] = headers.get("content-length")?.split(",", 1) ?? [];
  const length = first === undefined ? Number.NaN : Number(first);
  return Number.isSafeInteger(length) ? length : undefined;
}
