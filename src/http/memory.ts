/** Answers `POST /mellamo/backends/NAME/load` and `…/unload`: what is in a backend's memory, by the engine's own calls. */

import * as v from "valibot";

import { quoted } from "../domain/problem.ts";
import { type Backend, troublesOf } from "../fleet/backend.ts";
import { load, unload, type Wish } from "../fleet/residence.ts";
import { backendNamed, bodyAs, onlyObject, refused } from "./backend-calls.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { plainJson } from "./json.ts";
import { wishOf } from "./wish.ts";

const WORDS = 'the body must be an object with "model" and nothing else';
const Asked = onlyObject({ model: v.string(WORDS) }, WORDS);

/** Answers when the model is in memory, with the parameters that requests for the name get. */
export const loadModel: Responder = (exchange) =>
  atBackend(exchange, async (backend, wish) => {
    const { fleet, preloads } = exchange.snapshot;
    const why = await load(backend, wish, fleet.looks, exchange.request.signal);
    if (why === undefined) {
      preloads.asked(backend, wish.model.id);
      preloads.follow([backend], []);
    }
    return why;
  });

/** Answers when the model is out of memory. One that is to be kept there stays out until somebody asks for it. */
export const unloadModel: Responder = (exchange) =>
  atBackend(exchange, async (backend, { model }) => {
    const { fleet, preloads } = exchange.snapshot;
    // no look must take it for lost in between
    preloads.unloaded(backend, model.id);
    const why = await unload(backend, model, fleet.looks, exchange.request.signal);
    if (why !== undefined) {
      preloads.asked(backend, model.id);
      preloads.follow([backend], []);
    }
    return why;
  });

/** `deed` resolves to why it could not be done. */
async function atBackend(
  exchange: Exchange,
  deed: (backend: Backend, wish: Wish) => Promise<string | undefined>,
): Promise<Response> {
  const backend = backendNamed(exchange);
  if (backend instanceof Response) return backend;
  const asked = await bodyAs(exchange, Asked);
  if (asked instanceof Response) return asked;
  const { model: name } = asked.read;
  const { snapshot } = exchange;
  if (wishOf(name, backend, snapshot) === undefined) await snapshot.fleet.looks.refresh(backend);
  if (!backend.stock.up) return refused(503, troublesOf([backend]));
  const wish = wishOf(name, backend, snapshot);
  if (wish === undefined) return refused(404, `${backend.name} has no "${quoted(name)}"`);
  const sinceMs = performance.now();
  exchange.keepOpen();
  const why = await deed(backend, wish);
  const status = why === undefined ? 200 : 502;
  exchange.finish(status, { model: name, backend: backend.name, as: wish.model.id, why });
  if (why !== undefined) return refused(status, `${backend.name}: ${why}`);
  const ms = Math.round(performance.now() - sinceMs);
  return plainJson({ backend: backend.name, model: wish.model.id, ms });
}
