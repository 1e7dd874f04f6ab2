/** Answers `POST /api/pull` and `POST /api/push`. */

import { type Endpoint, PUSH } from "../dialects/endpoints.ts";
import { isProblem } from "../domain/problem.ts";
import { runErrand } from "./errand.ts";
import type { Responder } from "./exchange.ts";
import { isHome, placesOf } from "./ollamas.ts";
import { open } from "./opening.ts";

/** Both stream their progress, and end when the list that follows tells the truth. */
export function transfer(endpoint: Endpoint): Responder {
  return async (exchange) => {
    const opened = await open(exchange, endpoint);
    if (isProblem(opened)) return opened;
    const { envelope, contentType } = opened;
    const places = await placesOf(envelope.name, exchange.snapshot);
    if (isProblem(places)) return places;
    // what is there already is pushed from there, or not at all
    const there = endpoint === PUSH ? places.filter(isHome) : [];
    const candidates = there.length > 0 ? there : places;
    const errand = { path: endpoint.path, body: envelope.address, contentType };
    return runErrand(candidates, errand, exchange, (_, backend) =>
      exchange.snapshot.fleet.looks.refresh(backend),
    );
  };
}
