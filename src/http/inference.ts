/** Serves the calls that ask a model for something. */

import { openingOf } from "../bytes/conversation.ts";
import { includes } from "../bytes/view.ts";
import type { Endpoint } from "../dialects/endpoint.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import type { Answer } from "../proxy/answer.ts";
import type { Call } from "../proxy/call.ts";
import { forward } from "../proxy/forward.ts";
import type { Line } from "../proxy/line.ts";
import { type EchoOptions, relay } from "../proxy/relay.ts";
import { inferenceCall } from "./call.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { find, type Found } from "./finding.ts";
import { bodyOf, openBody, type Opened } from "./opening.ts";
import { Bodies, isAsked } from "./parameters.ts";
import { QueuedLine } from "./queued-line.ts";
import type { Snapshot } from "./snapshot.ts";
import { whyNone } from "./why-none.ts";

export function inference(endpoint: Endpoint): Responder {
  return async (exchange) => {
    const opened = openBody(await bodyOf(exchange), exchange, endpoint);
    if (isProblem(opened)) return opened;
    const looked = find(opened.envelope.name, endpoint, exchange.snapshot);
    const found = looked instanceof Promise ? await looked : looked;
    if (isProblem(found)) return found;
    const line = lineFor(exchange, endpoint, opened, found);
    return forwardCall(exchange, endpoint, opened, found, line);
  };
}

function lineFor(
  exchange: Exchange,
  endpoint: Endpoint,
  { envelope, body }: Opened,
  found: Found,
): QueuedLine {
  const { name } = envelope;
  return new QueuedLine({
    exchange,
    found,
    conversation: () => conversationOf(body, name, endpoint),
    whyNone: (snapshot) => whyNone(name, endpoint, snapshot),
  });
}

/** A number for the conversation that a body goes on with. */
function conversationOf(body: Uint8Array, name: string, { conversation = [] }: Endpoint): bigint | undefined {
  const opening = conversation.length === 0 ? undefined : openingOf(body, conversation);
  return opening === undefined ? undefined : Bun.hash.wyhash(opening, Bun.hash.wyhash(name));
}

/** Has the first candidate of the line that can answer do so, and relays what it says. */
export async function forwardCall(
  exchange: Exchange,
  endpoint: Endpoint,
  opened: Opened,
  found: Found,
  line: Line,
): Promise<Response | Problem> {
  const forwarding = prepare(exchange, endpoint, opened, found, line);
  return isProblem(forwarding) ? forwarding : conclude(forwarding, await send(forwarding));
}

/** A call that is ready to be sent, and what its answer will need. */
interface Forwarding {
  readonly exchange: Exchange;
  readonly endpoint: Endpoint;
  readonly opened: Opened;
  readonly line: QueuedLine | Line;
  readonly bodies: Bodies;
  readonly call: Call;
}

function prepare(
  exchange: Exchange,
  endpoint: Endpoint,
  opened: Opened,
  { route, survey }: Found,
  line: QueuedLine | Line,
): Forwarding | Problem {
  const { snapshot } = exchange;
  const bodies = new Bodies(opened, endpoint, line instanceof QueuedLine ? line.snapshotOf : ofNow(snapshot));
  const fault = isAsked(route, snapshot) ? bodies.fault(survey(snapshot)) : undefined;
  if (fault !== undefined) return fault;
  const errand = { path: endpoint.path, body: bodies.of, contentType: opened.contentType };
  exchange.keepOpen();
  const call = inferenceCall(exchange, errand, route.alias?.echo ?? true);
  return { exchange, endpoint, opened, line, bodies, call };
}

function ofNow(snapshot: Snapshot): () => Snapshot {
  return () => snapshot;
}

function send({ call, line, exchange }: Forwarding): Promise<Answer | Problem> {
  return forward(call, line, exchange.snapshot.fleet, exchange.trail);
}

function conclude(
  { exchange, endpoint, opened, line, bodies, call }: Forwarding,
  answer: Answer | Problem,
): Problem | Response | Promise<Response> {
  const { name, quotedName } = opened.envelope;
  if (isProblem(answer)) {
    // the candidates turned out to be older than the path: it is known now, and there is more to say
    return answer.problem === "unserved" ? whyNone(name, endpoint, exchange.snapshot) : answer;
  }
  const { candidate, status } = answer;
  const isWork = line instanceof QueuedLine;
  if (status < 400) {
    if (isWork) line.served(candidate);
    bodies.asked(candidate);
  }
  const isKept = candidate.backend.settings.preload.length > 0;
  return relayInference(exchange, answer, {
    name,
    echo: call.echo ? { fields: endpoint.echo, name: quotedName } : undefined,
    // a call that is no work for the engine says nothing of what is wanted in memory
    use: !isWork ? "none" : isKept && bodies.isUnload(candidate) ? "unload" : "work",
  });
}

/** What is known of a request when its body is no longer. */
interface Asked {
  readonly name: string;
  readonly echo: EchoOptions;
  /** What the engine does with the model: after an `unload` it lets go of it. */
  readonly use: "work" | "unload" | "none";
}

/** A function of its own, so that a long stream does not keep the request's body alive. */
function relayInference(
  exchange: Exchange,
  answer: Answer,
  { name, echo, use }: Asked,
): Response | Promise<Response> {
  const { backend, model } = answer.candidate;
  // no look must take for lost what is about to leave because a client wants it
  if (answer.status < 400) noteUse(answer, use, exchange);
  return relay(answer, {
    echo,
    signal: exchange.request.signal,
    mark: (headers) => exchange.mark(headers),
    ended(how) {
      exchange.finish(answer.status, { model: name, backend: backend.name, as: model.id, end: how });
      return followDeed(answer, exchange);
    },
  });
}

/** What is to be kept in memory, a client may want out, and in again. */
function noteUse({ candidate }: Answer, use: Asked["use"], { snapshot }: Exchange): void {
  const { backend, model } = candidate;
  if (use === "unload") snapshot.preloads.unloaded(backend, model.id);
  if (use === "work") snapshot.preloads.asked(backend, model.id);
}

/**
 * What was not in memory is now, or is not any more: the backend is looked at again, so that lists tell. Whoever
 * asked for just that (an empty prompt, or `keep_alive: 0`) sees it in the first list.
 */
function followDeed(
  { candidate, body, status }: Answer,
  { snapshot, path }: Exchange,
): Promise<void> | undefined {
  const { looks } = snapshot.fleet;
  const { backend, loaded } = candidate;
  if (body instanceof Uint8Array && path.startsWith("/api/") && isLoadOrUnload(body))
    return looks.refresh(backend);
  if (!loaded && status === 200) looks.refreshSoon(backend);
  return undefined;
}

function isLoadOrUnload(body: Uint8Array): boolean {
  return includes(body, '"done_reason":"load"') || includes(body, '"done_reason":"unload"');
}
