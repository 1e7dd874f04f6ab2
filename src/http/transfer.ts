/** Answers `POST /api/pull` and `POST /api/push`, and `POST /mellamo/backends/NAME/pull`. */

import type { Endpoint } from "../dialects/endpoint.ts";
import { PULL, PUSH } from "../dialects/model-endpoints.ts";
import { isProblem } from "../domain/problem.ts";
import { type Backend, troublesOf } from "../fleet/backend.ts";
import { type Candidate, soleCandidate } from "../fleet/survey.ts";
import { backendNamed, refusal, refused, told } from "./backend-calls.ts";
import { runErrand } from "./errand.ts";
import type { Responder } from "./exchange.ts";
import { routeOf } from "./lookup.ts";
import { isHome, placesOf, targetOf } from "./ollamas.ts";
import { open } from "./opening.ts";
import type { Snapshot } from "./snapshot.ts";
import { wishOf } from "./wish.ts";

/** Both stream their progress, and end when the list that follows tells the truth. */
export function transfer(endpoint: Endpoint): Responder {
  return async (exchange) => {
    const opened = await open(exchange, endpoint);
    if (isProblem(opened)) return opened;
    const { envelope, contentType } = opened;
    if (endpoint === PUSH && isClosed(envelope.name, exchange.snapshot))
      return { problem: "not found", text: PUSH.unknown(envelope.name) };
    const places = await placesOf(envelope.name, exchange.snapshot);
    if (isProblem(places)) return places;
    // what is there already is pushed from there, or not at all
    const there = endpoint === PUSH ? places.filter(isHome) : [];
    const candidates = there.length > 0 ? there : places;
    const errand = {
      path: endpoint.path,
      body: ({ model }: Candidate) => envelope.address(model.id),
      contentType,
    };
    return runErrand(candidates, errand, exchange, (_, backend) =>
      exchange.snapshot.fleet.looks.refresh(backend),
    );
  };
}

/** Whether a name is that of a model which may not be asked for by it. */
function isClosed(name: string, snapshot: Snapshot): boolean {
  const { fleet } = snapshot;
  return fleet.isModel(name) && !fleet.isOpen(name) && routeOf(name, snapshot).alias === undefined;
}

/** Ollama's pull, to the backend that the path names. */
export const pullTo: Responder = async (exchange) => {
  const backend = backendNamed(exchange);
  if (backend instanceof Response) return backend;
  const opened = await open(exchange, PULL);
  if (isProblem(opened)) return refusal(opened);
  const { envelope, contentType } = opened;
  const { snapshot } = exchange;
  if (!backend.stock.up) await snapshot.fleet.looks.refresh(backend);
  if (!backend.stock.up) return refused(503, troublesOf([backend]));
  if (!backend.engine?.manages)
    return refused(501, `${backend.name} is no Ollama, and no other engine manages models`);
  const place = soleCandidate(backend, nameAt(backend, envelope.name, snapshot));
  const errand = {
    path: PULL.path,
    body: ({ model }: Candidate) => envelope.address(model.id),
    contentType,
  };
  return told(await runErrand([place], errand, exchange, () => snapshot.fleet.looks.refresh(backend)));
};

/** What a name is called at a backend: what it has already, or what an alias stands for first there. */
function nameAt(backend: Backend, name: string, snapshot: Snapshot): string {
  return wishOf(name, backend, snapshot)?.model.id ?? targetOf(name, snapshot, backend).model.trim();
}
