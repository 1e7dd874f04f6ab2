/** Answers `POST /api/pull` and `POST /api/push`. */

import type { Endpoint } from "../dialects/endpoints.ts";
import { isProblem } from "../domain/problem.ts";
import { placeOf, relayFrom } from "./errand.ts";
import type { Responder } from "./exchange.ts";
import { open } from "./opening.ts";

/** Both stream their progress, and end when the list that follows tells the truth. */
export function transfer(endpoint: Endpoint): Responder {
  return async (exchange) => {
    const opened = await open(exchange, endpoint);
    if (isProblem(opened)) return opened;
    const place = await placeOf(opened.envelope.name, exchange.snapshot);
    if (isProblem(place)) return place;
    const { backend, model } = place;
    const errand = {
      path: endpoint.path,
      body: () => opened.envelope.address(model),
      contentType: opened.contentType,
    };
    return relayFrom(backend, errand, exchange, () => exchange.snapshot.fleet.refresh(backend));
  };
}
