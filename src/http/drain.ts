/**
 * Answers `POST /mellamo/backends/NAME/drain` and `…/resume`: its owner wants the machine for something else. What it is
 * doing it finishes, and nothing new goes there.
 */

import * as v from "valibot";

import { MAX_DURATION_MS, parseDuration } from "../config/units.ts";
import { nearest } from "../domain/nearest.ts";
import { isProblem, quoted, statusOf, textOf } from "../domain/problem.ts";
import { parseJson } from "../fleet/ask.ts";
import type { Backend } from "../fleet/backend.ts";
import { readBody } from "./body.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { isoTime } from "./iso-time.ts";
import { plainJson } from "./json.ts";
import type { Snapshot } from "./snapshot.ts";

const MAX_BODY = { bytes: 64 * 1024, text: "64KiB" };

/** How long a backend may be drained, in words. */
export const DRAIN_WORDS = 'a duration such as "30m", "2h" or "1h30m", at most "24d"';
const FOR_WORDS = `"for" must be ${DRAIN_WORDS}`;

const BODY_WORDS = 'the body must be an object with nothing but "for"';

/** With `{"for":"2h"}` it is back after that time, else when it is resumed. */
export const drainBackend: Responder = async (exchange) => {
  const backend = backendNamed(exchange);
  if (backend instanceof Response) return backend;
  const forMs = await durationOf(exchange);
  if (forMs instanceof Response) return forMs;
  const { fleet, log } = exchange.snapshot;
  fleet.traffic.drains.drain(backend.name, forMs);
  const told = stateOf(backend, exchange.snapshot);
  log.info("backend drained", { backend: backend.name, until: told.until ?? "resumed" });
  return plainJson(told);
};

export const resumeBackend: Responder = (exchange) => {
  const backend = backendNamed(exchange);
  if (backend instanceof Response) return backend;
  exchange.snapshot.fleet.traffic.drains.resume(backend.name);
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

function backendNamed({ tail, snapshot }: Exchange): Backend | Response {
  const { backends } = snapshot.fleet;
  const found = backends.find(({ name }) => name === tail);
  if (found !== undefined) return found;
  const [near] = nearest(
    tail,
    backends.map(({ name }) => name),
    1,
  );
  const hint = near === undefined ? "" : `, did you mean "${near}"?`;
  return refused(404, `no backend is called "${quoted(tail)}"${hint}`);
}

/** `Infinity` where the body says nothing of it. */
async function durationOf({ request }: Exchange): Promise<number | Response> {
  const body = await readBody(request, MAX_BODY);
  if (!(body instanceof Uint8Array)) return isProblem(body) ? refused(statusOf(body), textOf(body)) : body;
  if (body.length === 0) return Infinity;
  const asked = v.safeParse(Asked, parseJson(new TextDecoder().decode(body)));
  if (!asked.success) return refused(400, asked.issues[0].message);
  const { for: text } = asked.output;
  if (text === undefined || text === null) return Infinity;
  const forMs = drainMsOf(text);
  return forMs ?? refused(400, `${FOR_WORDS}, got ${JSON.stringify(quoted(text))}`);
}

const Asked = v.pipe(
  v.custom<object>((body) => typeof body === "object" && body !== null && !Array.isArray(body), BODY_WORDS),
  v.strictObject({ for: v.nullish(v.string(FOR_WORDS)) }, BODY_WORDS),
);

/** For how long a text says that a backend is drained; undefined where it is no such time. */
export function drainMsOf(text: string): number | undefined {
  const forMs = parseDuration(text);
  return forMs !== undefined && forMs > 0 && forMs <= MAX_DURATION_MS ? forMs : undefined;
}

function refused(status: number, error: string): Response {
  return plainJson({ error }, status);
}
