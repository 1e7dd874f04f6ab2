/** One try at one candidate. Every call to an engine on behalf of a client goes through here. */

import { Splice } from "../bytes/splice.ts";
import { textAt } from "../bytes/view.ts";
import { codeOf } from "../domain/failure.ts";
import type { Backend } from "../fleet/backend.ts";
import { causeText } from "../fleet/cause.ts";
import type { Candidate } from "../fleet/survey.ts";
import type { Clock } from "../traffic/clock.ts";
import type { Slot } from "../traffic/slot.ts";
import type { Answer } from "./answer.ts";
import type { Call } from "./call.ts";
import { Flow } from "./flow.ts";
import { requestHeaders } from "./headers.ts";
import type { Placed } from "./line.ts";
import { Patience, type RanOut } from "./patience.ts";
import { type Unsent, unsent } from "./unsent.ts";
import { wholeAtOnce, wholeOf } from "./whole.ts";

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
const SHORT_BYTES = 64 * 1024;

/** An answer that speaks of a missing path is no longer. */
const COMPLAINT_BYTES = 1024;

/** `fresh` asks for a new connection rather than a pooled one. The place is left by whoever took it. */
export async function attempt(call: Call, placed: Placed, fresh: boolean, clock: Clock): Promise<Outcome> {
  const { candidate, slot } = placed;
  const patience = new Patience(call, placed, clock);
  let once: Unsent | undefined;
  try {
    const body = call.body(candidate);
    if (!call.replayable && body !== null && !(body instanceof Splice)) {
      once = unsent(body);
      patience.isConnected = once.wasSent;
    }
    const response = await send(call, candidate.backend, body, once, fresh, patience.signal);
    const { status, headers } = response;
    if (status < 200 || status > 599) {
      await response.body?.cancel();
      patience.end();
      return { kind: "broken", why: `answered with status ${status}` };
    }
    const coming = bodyOf(response, patience, slot);
    const read = coming instanceof Promise ? await coming : coming;
    if (!(read instanceof Flow)) patience.finish();
    if (read instanceof Uint8Array && lacks(candidate, status, read)) return { kind: "lacking" };
    // some statuses allow no body at all, not even an empty one
    const isEmpty = read instanceof Uint8Array && read.length === 0;
    return { kind: "answered", answer: { candidate, slot, status, headers, body: isEmpty ? null : read } };
  } catch (failure) {
    patience.end();
    if (call.signal.aborted) return { kind: "gone" };
    return outcomeOf(failure, patience.ranOut, once?.wasSent() ?? true);
  }
}

/** `once` takes the place of a body that must not be sent twice. */
function send(
  { method, path, search, headers, contentType, contentLength, echo, via }: Call,
  { session, settings }: Backend,
  body: ReturnType<Call["body"]>,
  once: Unsent | undefined,
  fresh: boolean,
  signal: AbortSignal,
): Promise<Response> {
  // of a generator Bun does not know the length
  const isKnown = body instanceof Splice || (once !== undefined && body instanceof Uint8Array);
  return session.fetch(settings.origin + path + search, {
    method,
    headers: requestHeaders(headers, {
      key: settings.key,
      contentType,
      contentLength: isKnown ? String(body.length) : contentLength,
      readable: echo,
      via,
    }),
    body: once?.body ?? (body instanceof Splice ? body.pieces() : body),
    signal,
    redirect: "manual",
    decompress: false,
    proxy: false,
    timeout: false,
    keepalive: !fresh && once === undefined,
  });
}

/** The body, as far as it is read before the client gets any of it. */
function bodyOf(
  response: Response,
  patience: Patience,
  slot: Slot,
): Answer["body"] | Promise<Uint8Array | Flow> {
  const isShort = Number(response.headers.get("content-length") ?? Infinity) <= SHORT_BYTES;
  const all = isShort ? wholeAtOnce(response) : undefined;
  if (all !== undefined) return all;
  const { body } = response;
  if (body === null) return null;
  patience.answering();
  return isShort ? wholeOf(body.getReader(), patience, slot) : Flow.begin(body, patience, slot);
}

/** Whether the engine says that it has no such path. */
function lacks({ backend: { engine } }: Candidate, status: number, bytes: Uint8Array): boolean {
  if (engine === undefined || bytes.length > COMPLAINT_BYTES) return false;
  return engine.lacks(status, textAt(bytes, 0, bytes.length));
}

function outcomeOf(failure: unknown, ranOut: RanOut | undefined, wasSent: boolean): Outcome {
  if (ranOut === "connect") return { kind: "unreachable", why: "connection timed out", isLate: true };
  if (ranOut !== undefined) return { kind: "silent", why: `no ${WORDS[ranOut]} in time` };
  const why = causeText(failure);
  const isUnsent = !wasSent || NO_CONNECTION.has(codeOf(failure)) || isTlsFailure(failure);
  return isUnsent ? { kind: "unreachable", why, isLate: false } : { kind: "broken", why };
}

const WORDS = { "first byte": "first byte", idle: "further byte" } as const;

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
