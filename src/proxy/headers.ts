/** Which headers may pass between a client and a backend. */

/** They speak of one connection and never pass (RFC 9110 7.6.1); nor do those that a `Connection` header names. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * What a client says of its own way to us: engines judge by `Host` and `Origin` whether it may come in, which is our
 * business; `Expect` is answered already; the body may have another length and encoding by now.
 */
const CLIENT_ONLY = ["host", "origin", "expect", "content-length", "content-encoding"];

export interface Outgoing {
  /** The backend's own key, which takes the place of whatever the client sent. */
  readonly key: string | undefined;
  /** Set where the body is known to be of this type, whatever the client called it. */
  readonly contentType: string | undefined;
  /** Of a body that is passed on as it comes; a body that is all here has its length anyway. */
  readonly contentLength: string | undefined;
  /** Whether the answer's text has to be readable on the way back. */
  readonly readable: boolean;
  /** Names this router, so that a request that comes back to it is recognised. */
  readonly via: string;
}

export function requestHeaders(
  client: Headers,
  { key, contentType, contentLength, readable, via }: Outgoing,
): Headers {
  const headers = withoutHops(client);
  for (const name of CLIENT_ONLY) headers.delete(name);
  if (key !== undefined) {
    headers.delete("x-api-key");
    headers.set("authorization", `Bearer ${key}`);
  }
  if (contentType !== undefined) headers.set("content-type", contentType);
  if (contentLength !== undefined) headers.set("content-length", contentLength);
  if (readable) headers.set("accept-encoding", "identity");
  headers.append("via", `1.1 ${via}`);
  return headers;
}

/** The answer's headers for the client. Who may read it in a browser is said by us; its length by whoever sends it. */
export function responseHeaders(engine: Headers): Headers {
  const headers = withoutHops(engine);
  headers.delete("content-length");
  for (const name of [...headers.keys()]) {
    // a router behind this one tells of its own way
    if (name.startsWith("access-control-") || name.startsWith("x-mellamo-")) headers.delete(name);
  }
  return headers;
}

/** Whether a request has passed through the router called `via` before. */
export function hasPassed(client: Headers, via: string): boolean {
  return client.get("via")?.includes(via) ?? false;
}

function withoutHops(original: Headers): Headers {
  const headers = new Headers(original);
  const nominated = original.get("connection");
  for (const name of HOP_BY_HOP) headers.delete(name);
  for (const name of nominated?.split(",") ?? []) {
    if (isToken(name.trim())) headers.delete(name.trim());
  }
  return headers;
}

/** Whether a text can be a header's name at all (RFC 9110 5.6.2). */
function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(text);
}
