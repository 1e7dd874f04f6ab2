/** Serves the calls that ask a model for something. */

import type { Endpoint } from "../dialects/endpoints.ts";
import { type Problem, isProblem } from "../domain/problem.ts";
import type { Answer } from "../proxy/answer.ts";
import { forward } from "../proxy/forward.ts";
import { relay } from "../proxy/relay.ts";
import { inferenceCall } from "./call.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { type Found, find } from "./finding.ts";
import { type Opened, open } from "./opening.ts";

export function inference(endpoint: Endpoint): Responder {
  return async (exchange) => {
    const opened = await open(exchange, endpoint);
    if (isProblem(opened)) return opened;
    const found = await find(opened.envelope.name, endpoint, exchange.snapshot);
    if (isProblem(found)) return found;
    return forwardCall(exchange, endpoint, opened, found);
  };
}

/** Has the first candidate that can answer do so, and relays what it says. */
export async function forwardCall(
  exchange: Exchange,
  endpoint: Endpoint,
  opened: Opened,
  found: Found,
): Promise<Response | Problem> {
  const { envelope } = opened;
  const echoes = found.route.alias?.echo ?? true;
  exchange.keepOpen();
  const errand = { path: endpoint.path, body: envelope.address, contentType: opened.contentType };
  const call = inferenceCall(exchange, errand, echoes);
  const answer = await forward(call, found.candidates, exchange.snapshot.fleet);
  if (isProblem(answer)) return answer;
  const { backend, model } = answer.candidate;
  return relay(answer, {
    echo: echoes ? { fields: endpoint.echo, name: envelope.quotedName } : undefined,
    signal: exchange.request.signal,
    ended: async (how) => {
      exchange.finish(answer.status, { model: envelope.name, backend: backend.name, as: model.id, end: how });
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
  if (body instanceof Uint8Array && isLoadOrUnload(body)) await fleet.refresh(candidate.backend);
  else if (!candidate.loaded && status === 200) fleet.refreshSoon(candidate.backend);
}

function isLoadOrUnload(body: Uint8Array): boolean {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return text.includes('"done_reason":"load"') || text.includes('"done_reason":"unload"');
}
