/**
 * Which headers may pass between a client and a backend. They are handed on as plain objects: Bun makes and reads those
 * in a fraction of the time that it takes to copy `Headers` and to delete from them.
 */

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

const NOT_TO_ENGINES: ReadonlySet<string> = new Set([...HOP_BY_HOP, ...CLIENT_ONLY]);

/** Its length is said by whoever sends it. */
const NOT_TO_CLIENTS: ReadonlySet<string> = new Set([...HOP_BY_HOP, "content-length"]);

/** By lower-case names; those of one name are one text, as RFC 9110 5.3 has it. */
export type HeaderTable = Record<string, string>;

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
): HeaderTable {
  const headers: HeaderTable = client.toJSON();
  drop(headers, NOT_TO_ENGINES);
  if (key !== undefined) {
    delete headers["x-api-key"];
    headers["authorization"] = `Bearer ${key}`;
  }
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (contentLength !== undefined) headers["content-length"] = contentLength;
  if (readable) headers["accept-encoding"] = "identity";
  headers["via"] = headers["via"] === undefined ? `1.1 ${via}` : `${headers["via"]}, 1.1 ${via}`;
  return headers;
}

/**
 * The answer's headers for the client, but for its cookies, which do not go into one text. Who may read it in a browser
 * is said by us, and a router behind this one tells of its own way.
 */
export function responseHeaders(engine: Headers): HeaderTable {
  const headers = engine.toJSON();
  drop(headers, NOT_TO_CLIENTS);
  for (const name in headers)
    if (name.startsWith("access-control-") || name.startsWith("x-mellamo-")) delete headers[name];
  delete headers["set-cookie"];
  return headers;
}

/** Whether a request has passed through the router called `via` before. */
export function hasPassed(client: Headers, via: string): boolean {
  return client.get("via")?.includes(via) ?? false;
}

/** Drops `dropped`, and what the `Connection` header names. */
function drop(headers: Record<string, unknown>, dropped: ReadonlySet<string>): void {
  const nominated = headers["connection"];
  for (const name in headers) if (dropped.has(name)) delete headers[name];
  if (typeof nominated !== "string") return;
  for (const name of nominated.split(",")) delete headers[name.trim().toLowerCase()];
}
