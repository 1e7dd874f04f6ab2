/** Names routers in `Via` headers (RFC 9110 7.6.3), so that what comes back to where it began is recognised. */

/** This process. */
export const VIA = `mellamo-${crypto.randomUUID().slice(0, 8)}`;

/** The router that an answer comes from; undefined for an engine's own. */
export function routerOf(headers: Headers): string | undefined {
  return /\bmellamo-[0-9a-f]{8}\b/.exec(headers.get("via") ?? "")?.[0];
}
