/** Sends the calls that manage models to the Ollama backends, which alone have them. */

import type { Target } from "../domain/alias.ts";
import { keyOf } from "../domain/name.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import type { Backend } from "../fleet/backend.ts";
import { soleCandidate } from "../fleet/survey.ts";
import { forward } from "../proxy/forward.ts";
import { relay } from "../proxy/relay.ts";
import { type Errand, errandCall } from "./call.ts";
import type { Exchange } from "./exchange.ts";
import { routeOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where a managing call goes, and what the model is called there. */
export interface Place {
  readonly backend: Backend;
  readonly model: string;
}

/** At least one backend that manages models and is up, highest priority first. */
export type Ollamas = readonly [Backend, ...Backend[]];

/** A problem where there is none, even after another look. */
export async function ollamasOf(snapshot: Snapshot): Promise<Ollamas | Problem> {
  const known = knownOllamas(snapshot);
  if (!isProblem(known)) return known;
  await snapshot.fleet.rescan(() => !isProblem(knownOllamas(snapshot)));
  return knownOllamas(snapshot);
}

function knownOllamas({ fleet }: Snapshot): Ollamas | Problem {
  const able = fleet.backends.filter(({ engine }) => engine?.manages);
  const up = able.filter(({ stock }) => stock.up).sort((a, b) => b.settings.priority - a.settings.priority);
  const [first, ...others] = up;
  if (first !== undefined) return [first, ...others];
  if (able.length === 0) {
    return { problem: "unserved", text: "no backend is an Ollama, and no other engine manages models" };
  }
  const troubles = able.map(({ name, stock }) => `${name}: ${stock.trouble}`);
  return { problem: "none up", text: `no Ollama backend is up (${troubles.join("; ")})` };
}

/** Where the model is that a name stands for, or belongs. Patterns do not count: a model may yet come of that name. */
export function placeOf(name: string, snapshot: Snapshot): Promise<Place | Problem> {
  const target = snapshot.book.exact(name) === undefined ? undefined : routeOf(name, snapshot).targets[0];
  return placeOfTarget(target ?? { model: name }, snapshot);
}

/** On the backend that a target is pinned to, else on one that has it, else on the first of all. */
export async function placeOfTarget(target: Target, snapshot: Snapshot): Promise<Place | Problem> {
  const ollamas = await ollamasOf(snapshot);
  if (isProblem(ollamas)) return ollamas;
  const homes = homesOf(target, snapshot);
  const offers = snapshot.fleet.catalog.find(target.model);
  const having = ollamas.filter((backend) => offers.some((offer) => offer.backend === backend));
  const backend =
    homes === undefined ? (having[0] ?? ollamas[0]) : ollamas.find(({ name }) => homes.includes(name));
  if (backend === undefined) {
    return {
      problem: "none up",
      text: `"${target.model}" belongs to ${homes?.join(", ")}, which is no Ollama or not up`,
    };
  }
  const spelled = offers.find((offer) => offer.backend === backend)?.model.id;
  return { backend, model: spelled ?? target.model.trim() };
}

/** The only backends where a target may be; undefined: wherever. */
function homesOf(target: Target, { fleet }: Snapshot): readonly string[] | undefined {
  return target.backend === undefined ? fleet.pins.get(keyOf(target.model)) : [target.backend];
}

/** Relays the answer as it is. After a deed, the backend is looked at again before the client has the last byte. */
export async function relayFrom(
  backend: Backend,
  errand: Errand,
  exchange: Exchange,
  ended: (status: number) => Promise<void> | void = () => {},
): Promise<Response | Problem> {
  exchange.keepOpen();
  const answer = await forward(
    errandCall(exchange, errand),
    [soleCandidate(backend, "")],
    exchange.snapshot.fleet,
  );
  if (isProblem(answer)) return answer;
  return relay(answer, {
    echo: undefined,
    signal: exchange.request.signal,
    ended: async (how) => {
      exchange.finish(answer.status, { backend: backend.name, end: how });
      await ended(answer.status);
    },
  });
}

/** The answer to a change of what only the configuration may say. */
export function definedInFile(alias: string): Problem {
  return { problem: "conflict", text: `alias "${alias}" is defined in the configuration file` };
}
