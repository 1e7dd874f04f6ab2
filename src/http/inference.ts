/** Serves the calls that ask a model for something. */

import { openingOf } from "../bytes/conversation.ts";
import type { Endpoint } from "../dialects/endpoint.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import type { Answer } from "../proxy/answer.ts";
import { forward } from "../proxy/forward.ts";
import type { Line } from "../proxy/line.ts";
import { type EchoOptions, relay } from "../proxy/relay.ts";
import { inferenceCall } from "./call.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { find, type Found } from "./finding.ts";
import { open, type Opened } from "./opening.ts";
import { Bodies, isAsked } from "./parameters.ts";
import { QueuedLine } from "./queued-line.ts";
import { whyNone } from "./why-none.ts";

export function inference(endpoint: Endpoint): Responder {
  return async (exchange) => {
    const opened = await open(exchange, endpoint);
    if (isProblem(opened)) return opened;
    const found = await find(opened.envelope.name, endpoint, exchange.snapshot);
    if (isProblem(found)) return found;
    const { name } = opened.envelope;
    const line = new QueuedLine({
      exchange,
      found,
      conversation: () => conversationOf(opened.body, name, endpoint),
      whyNone: (snapshot) => whyNone(name, endpoint, snapshot),
    });
    return forwardCall(exchange, endpoint, opened, found, line);
  };
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
  { route, survey }: Found,
  line: QueuedLine | Line,
): Promise<Response | Problem> {
  const { envelope, contentType } = opened;
  const echoes = route.alias?.echo ?? true;
  const snapshotOf = line instanceof QueuedLine ? line.snapshotOf : () => exchange.snapshot;
  const bodies = new Bodies(opened, endpoint, snapshotOf);
  const isTouched = isAsked(route, exchange.snapshot);
  const fault = isTouched ? bodies.fault(survey(exchange.snapshot)) : undefined;
  if (fault !== undefined) return fault;
  const errand = { path: endpoint.path, body: bodies.of, contentType };
  exchange.keepOpen();
  const call = inferenceCall(exchange, errand, echoes);
  const answer = await forward(call, line, exchange.snapshot.fleet, exchange.trail);
  if (isProblem(answer)) {
    // the candidates turned out to be older than the path: it is known now, and there is more to say
    return answer.problem === "unserved" ? whyNone(envelope.name, endpoint, exchange.snapshot) : answer;
  }
  if (answer.status < 400 && line instanceof QueuedLine) line.served(answer.candidate);
  if (answer.status < 400) bodies.asked(answer.candidate);
  const isKept = answer.candidate.backend.settings.preload.length > 0;
  const echo = echoes ? { fields: endpoint.echo, name: envelope.quotedName } : undefined;
  return relayInference(exchange, answer, {
    name: envelope.name,
    echo,
    // a call that is no work for the engine says nothing of what is wanted in memory
    use: !(line instanceof QueuedLine)
      ? "none"
      : isKept && bodies.isUnload(answer.candidate)
        ? "unload"
        : "work",
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
function relayInference(exchange: Exchange, answer: Answer, { name, echo, use }: Asked): Promise<Response> {
  const { backend, model } = answer.candidate;
  // no look must take for lost what is about to leave because a client wants it
  if (answer.status < 400) noteUse(answer, use, exchange);
  return relay(answer, {
    echo,
    signal: exchange.request.signal,
    ended: async (how) => {
      exchange.finish(answer.status, { model: name, backend: backend.name, as: model.id, end: how });
      await followDeed(answer, exchange);
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
async function followDeed({ candidate, body, status }: Answer, { snapshot }: Exchange): Promise<void> {
  const { fleet } = snapshot;
  if (body instanceof Uint8Array && isLoadOrUnload(body)) await fleet.looks.refresh(candidate.backend);
  else if (!candidate.loaded && status === 200) fleet.looks.refreshSoon(candidate.backend);
}

function isLoadOrUnload(body: Uint8Array): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return text.includes('"done_reason":"load"') || text.includes('"done_reason":"unload"');
}
