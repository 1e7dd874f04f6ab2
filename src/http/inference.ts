/** Serves the calls that ask a model for something. */

import { openingOf } from "../bytes/conversation.ts";
import type { Endpoint } from "../dialects/endpoints.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import type { Answer } from "../proxy/answer.ts";
import { forward } from "../proxy/forward.ts";
import type { Line } from "../proxy/line.ts";
import { type EchoOptions, relay } from "../proxy/relay.ts";
import { inferenceCall } from "./call.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { find, type Found } from "./finding.ts";
import { open, type Opened } from "./opening.ts";
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
  { envelope, contentType }: Opened,
  { route }: Found,
  line: QueuedLine | Line,
): Promise<Response | Problem> {
  const echoes = route.alias?.echo ?? true;
  const errand = { path: endpoint.path, body: envelope.address, contentType };
  exchange.keepOpen();
  const call = inferenceCall(exchange, errand, echoes);
  const answer = await forward(call, line, exchange.snapshot.fleet, exchange.trail);
  if (isProblem(answer)) {
    // the candidates turned out to be older than the path: it is known now, and there is more to say
    return answer.problem === "unserved" ? whyNone(envelope.name, endpoint, exchange.snapshot) : answer;
  }
  if (answer.status < 400 && line instanceof QueuedLine) line.served(answer.candidate);
  const echo = echoes ? { fields: endpoint.echo, name: envelope.quotedName } : undefined;
  return relayInference(exchange, answer, envelope.name, echo);
}

/** A function of its own, so that a long stream does not keep the request's body alive. */
function relayInference(
  exchange: Exchange,
  answer: Answer,
  name: string,
  echo: EchoOptions,
): Promise<Response> {
  const { backend, model } = answer.candidate;
  return relay(answer, {
    echo,
    signal: exchange.request.signal,
    ended: async (how) => {
      exchange.finish(answer.status, { model: name, backend: backend.name, as: model.id, end: how });
      await followDeed(answer, exchange);
    },
  });
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
