/** One try at one candidate. Every call to an engine on behalf of a client goes through here. */

import { codeOf } from "../domain/failure.ts";
import { causeText } from "../fleet/cause.ts";
import type { Candidate } from "../fleet/survey.ts";
import type { Answer } from "./answer.ts";
import { requestHeaders } from "./headers.ts";

/** What a client wants of an engine. */
export interface Call {
  readonly method: string;
  /** The endpoint's path, and the client's query with its question mark. */
  readonly path: string;
  readonly search: string;
  readonly headers: Headers;
  /** The body for an engine that calls the model by this name. */
  readonly body: (model: string) => Uint8Array | ReadableStream<Uint8Array> | null;
  readonly contentType: string | undefined;
  /** Of a body that is passed on as it comes. */
  readonly contentLength?: string | undefined;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** Whether it may be made again where it is not sure that nothing came of it. */
  readonly replayable: boolean;
  /** Whether the asked name is put into the answer. */
  readonly echo: boolean;
  readonly via: string;
}

export type Outcome =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** No connection: nothing was sent. */
  | { readonly kind: "unreachable"; readonly why: string }
  /** The connection ended before an answer was there; what became of the request nobody knows. */
  | { readonly kind: "broken"; readonly why: string }
  /** This engine has no such path. */
  | { readonly kind: "lacking" }
  /** The client left. */
  | { readonly kind: "gone" };

/** Bodies up to this length are read whole before the client gets any of them: one that breaks off can be replaced. */
const SMALL_BYTES = 64 * 1024;

/** An answer that speaks of a missing path is no longer. */
const COMPLAINT_BYTES = 1024;

/** `fresh` asks for a new connection rather than a pooled one. */
export async function attempt(call: Call, candidate: Candidate, fresh: boolean): Promise<Outcome> {
  const { backend } = candidate;
  const release = countIn(candidate);
  try {
    const response = await backend.session.fetch(backend.settings.origin + call.path + call.search, {
      method: call.method,
      headers: requestHeaders(call.headers, {
        key: backend.settings.key,
        contentType: call.contentType,
        contentLength: call.contentLength,
        readable: call.echo,
        via: call.via,
      }),
      body: call.body(candidate.model.id),
      signal: call.signal,
      redirect: "manual",
      decompress: false,
      proxy: false,
      timeout: false,
      keepalive: !fresh,
    });
    return await read(response, candidate, release);
  } catch (failure) {
    release();
    if (call.signal.aborted) return { kind: "gone" };
    const kind = NO_CONNECTION.has(codeOf(failure)) || isTlsFailure(failure) ? "unreachable" : "broken";
    return { kind, why: causeText(failure) };
  }
}

async function read(response: Response, candidate: Candidate, release: () => void): Promise<Outcome> {
  const { status, headers } = response;
  if (status < 200 || status > 599) {
    await response.body?.cancel();
    release();
    return { kind: "broken", why: `answered with status ${status}` };
  }
  const length = headers.get("content-length");
  const isSmall = length !== null && Number(length) <= SMALL_BYTES;
  if (response.body === null || !isSmall) {
    if (response.body === null) release();
    return { kind: "answered", answer: { candidate, status, headers, body: response.body, release } };
  }
  const body = await response.bytes();
  release();
  if (
    body.length <= COMPLAINT_BYTES &&
    candidate.backend.engine?.lacks(status, new TextDecoder().decode(body))
  ) {
    return { kind: "lacking" };
  }
  return { kind: "answered", answer: { candidate, status, headers, body, release: () => {} } };
}

/** Grows with every attempt, so that equal backends take turns. */
let turn = 0;

/** Counts a request in at its backend; the function it returns counts it out, once. */
function countIn({ backend }: Candidate): () => void {
  let counted = true;
  backend.inflight++;
  backend.lastTurn = ++turn;
  return () => {
    if (counted) backend.inflight--;
    counted = false;
  };
}

const NO_CONNECTION = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPROTO",
]);

/** The codes of OpenSSL's certificate checks, such as `DEPTH_ZERO_SELF_SIGNED_CERT` and `CERT_HAS_EXPIRED`. */
function isTlsFailure(failure: unknown): boolean {
  return /CERT|TLS/.test(codeOf(failure));
}
