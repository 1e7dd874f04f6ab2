/** One try at one candidate. Every call to an engine on behalf of a client goes through here. */

import { codeOf } from "../domain/failure.ts";
import { causeText } from "../fleet/cause.ts";
import type { Clock } from "../traffic/clock.ts";
import type { Answer } from "./answer.ts";
import type { Call } from "./call.ts";
import { Flow } from "./flow.ts";
import { requestHeaders } from "./headers.ts";
import type { Placed } from "./line.ts";
import { Patience, type RanOut } from "./patience.ts";
import { type Unsent, unsent } from "./unsent.ts";

export type Outcome =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** No connection: nothing was sent. */
  | { readonly kind: "unreachable"; readonly why: string; readonly isLate: boolean }
  /** The connection ended before an answer was there; what became of the request nobody knows. */
  | { readonly kind: "broken"; readonly why: string }
  /** It took the request, and was silent for too long. */
  | { readonly kind: "silent"; readonly why: string }
  /** This engine has no such path. */
  | { readonly kind: "lacking" }
  /** The client left. */
  | { readonly kind: "gone" };

/** Bodies up to this length are read whole before the client gets any of them: one that breaks off can be replaced. */
const SMALL_BYTES = 64 * 1024;

/** An answer that speaks of a missing path is no longer. */
const COMPLAINT_BYTES = 1024;

/** `fresh` asks for a new connection rather than a pooled one. The place is left by whoever took it. */
export async function attempt(
  call: Call,
  { candidate, slot }: Placed,
  fresh: boolean,
  clock: Clock,
): Promise<Outcome> {
  const { backend } = candidate;
  const { origin, key } = backend.settings;
  const patience = new Patience(call, { candidate, slot }, clock);
  let once: Unsent | undefined;
  try {
    const body = call.body(candidate);
    if (!call.replayable && body !== null) {
      once = unsent(body);
      patience.isConnected = once.wasSent;
    }
    const length = body instanceof Uint8Array ? String(body.length) : call.contentLength;
    const response = await backend.session.fetch(origin + call.path + call.search, {
      method: call.method,
      headers: requestHeaders(call.headers, {
        key,
        contentType: call.contentType,
        contentLength: once === undefined ? call.contentLength : length,
        readable: call.echo,
        via: call.via,
      }),
      body: once?.body ?? body,
      signal: patience.signal,
      redirect: "manual",
      decompress: false,
      proxy: false,
      timeout: false,
      keepalive: !fresh && once === undefined,
    });
    return await read(response, { candidate, slot }, patience);
  } catch (failure) {
    patience.end();
    if (call.signal.aborted) return { kind: "gone" };
    return outcomeOf(failure, patience.ranOut, once?.wasSent() ?? true);
  }
}

function outcomeOf(failure: unknown, ranOut: RanOut | undefined, wasSent: boolean): Outcome {
  if (ranOut === "connect") return { kind: "unreachable", why: "connection timed out", isLate: true };
  if (ranOut !== undefined) return { kind: "silent", why: `no ${WORDS[ranOut]} in time` };
  const why = causeText(failure);
  const isUnsent = !wasSent || NO_CONNECTION.has(codeOf(failure)) || isTlsFailure(failure);
  return isUnsent ? { kind: "unreachable", why, isLate: false } : { kind: "broken", why };
}

const WORDS = { "first byte": "first byte", idle: "further byte" } as const;

async function read(response: Response, { candidate, slot }: Placed, patience: Patience): Promise<Outcome> {
  const { status, headers, body } = response;
  if (status < 200 || status > 599) {
    await body?.cancel();
    patience.end();
    return { kind: "broken", why: `answered with status ${status}` };
  }
  patience.answering();
  const answer = { candidate, slot, status, headers };
  const length = headers.get("content-length");
  const isSmall = length !== null && Number(length) <= SMALL_BYTES;
  const flow = body === null ? undefined : await Flow.begin(body, patience, slot);
  if (flow !== undefined && !isSmall) return { kind: "answered", answer: { ...answer, body: flow } };
  const bytes = flow === undefined ? null : await flow.whole();
  patience.end();
  const lacks = bytes !== null && bytes.length <= COMPLAINT_BYTES && candidate.backend.engine?.lacks;
  if (lacks && lacks(status, new TextDecoder().decode(bytes))) return { kind: "lacking" };
  return { kind: "answered", answer: { ...answer, body: bytes } };
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
