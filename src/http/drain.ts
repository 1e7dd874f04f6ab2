/**
 * Answers `POST /mellamo/backends/NAME/drain` and `…/resume`: its owner wants the machine for something else. What it is
 * doing it finishes, and nothing new goes there.
 */

import * as v from "valibot";

import { MAX_DURATION_MS, parseDuration } from "../domain/duration.ts";
import { quoted } from "../domain/problem.ts";
import type { Backend } from "../fleet/backend.ts";
import { backendNamed, bodyAs, onlyObject, refused } from "./backend-calls.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { isoTime } from "./iso-time.ts";
import { plainJson } from "./json.ts";
import type { Snapshot } from "./snapshot.ts";

/** How long a backend may be drained, in words. */
export const DRAIN_WORDS = 'a duration such as "30m", "2h" or "1h30m", at most "24d"';
const FOR_WORDS = `"for" must be ${DRAIN_WORDS}`;

const Asked = onlyObject(
  { for: v.nullish(v.string(FOR_WORDS)) },
  'the body must be an object with nothing but "for"',
);

/** With `{"for":"2h"}` it is back after that time, else when it is resumed. */
export const drainBackend: Responder = async (exchange) => {
  const backend = backendNamed(exchange);
  if (backend instanceof Response) return backend;
  const forMs = await durationOf(exchange);
  if (forMs instanceof Response) return forMs;
  const { fleet, log, preloads } = exchange.snapshot;
  fleet.traffic.drains.drain(backend.name, forMs);
  preloads.follow([], [backend]);
  const told = stateOf(backend, exchange.snapshot);
  log.info("backend drained", { backend: backend.name, until: told.until ?? "resumed" });
  return plainJson(told);
};

export const resumeBackend: Responder = (exchange) => {
  const backend = backendNamed(exchange);
  if (backend instanceof Response) return backend;
  const { fleet } = exchange.snapshot;
  fleet.traffic.drains.resume(backend.name);
  // what is to be in its memory is brought there again
  void fleet.looks.refresh(backend);
  return plainJson(stateOf(backend, exchange.snapshot));
};

function stateOf({ name, duty }: Backend, { fleet }: Snapshot) {
  const { drains, clock } = fleet.traffic;
  const untilMs = drains.untilMs(name);
  return {
    backend: name,
    drained: untilMs !== undefined,
    until: isoTime(untilMs, clock.now()),
    inflight: duty.inflight,
  };
}

/** `Infinity` where the body says nothing of it. */
async function durationOf(exchange: Exchange): Promise<number | Response> {
  const asked = await bodyAs(exchange, Asked);
  if (asked instanceof Response) return asked;
  const { for: text } = asked.read;
  if (text === undefined || text === null) return Infinity;
  const forMs = drainMsOf(text);
  return forMs ?? refused(400, `${FOR_WORDS}, got ${JSON.stringify(quoted(text))}`);
}

/** For how long a text says that a backend is drained; undefined where it is no such time. */
export function drainMsOf(text: string): number | undefined {
  const forMs = parseDuration(text);
  return forMs !== undefined && forMs > 0 && forMs <= MAX_DURATION_MS ? forMs : undefined;
}
