/** Answers the calls that list models, from what was last seen and never by asking anybody. */

import { MODEL, SHOW } from "../dialects/model-endpoints.ts";
import { modelRow, psRow, tagsRow } from "../dialects/rows.ts";
import { isName } from "../domain/name.ts";
import { isProblem, type Problem } from "../domain/problem.ts";
import { VIA } from "../fleet/via.ts";
import { hasPassed } from "../proxy/headers.ts";
import { runErrand } from "./errand.ts";
import type { Exchange, Responder } from "./exchange.ts";
import { candidatesOf, find, lookToCloud } from "./finding.ts";
import { ollamaJson, plainJson } from "./json.ts";
import { type Counts, type ListedName, listNames, offerBehind } from "./listing.ts";

/** `GET /api/tags` */
export const tags: Responder = (exchange) => asRouter(ollamaJson({ models: listFor(exchange).map(tagsRow) }));

/** `GET /api/ps`: what is in memory, on backends that are up; what stays there longest first. */
export const ps: Responder = (exchange) => {
  const running = listFor(exchange, ({ model, backend }) => model.loaded && backend.stock.up);
  const rows = running.map(psRow).sort((a, b) => expiry(b) - expiry(a));
  return ollamaJson({ models: rows });
};

function expiry(row: Readonly<Record<string, unknown>>): number {
  const { expires_at: at } = row;
  const ms = typeof at === "string" ? Date.parse(at) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}

/** `GET /v1/models`, in a shape that OpenAI's clients and Anthropic's both read. */
export const models: Responder = (exchange) => {
  const data = listFor(exchange).map(modelRow);
  return asRouter(
    plainJson({
      object: "list",
      data,
      has_more: false,
      first_id: data[0]?.["id"] ?? null,
      last_id: data.at(-1)?.["id"] ?? null,
    }),
  );
};

/**
 * A router that asks is not told what is known from itself: two that have each other for a backend would keep a model
 * listed for ever that is long gone.
 */
function listFor({ request, snapshot }: Exchange, counts: Counts = () => true): ListedName[] {
  return listNames(snapshot, (offer) => {
    const { router } = offer.backend;
    return counts(offer) && (router === undefined || !hasPassed(request.headers, router));
  });
}

function asRouter(list: Response): Response {
  list.headers.set("via", `1.1 ${VIA}`);
  return list;
}

/** An Ollama knows of the models of its cloud what no list shows. */
async function showOfCloud(exchange: Exchange): Promise<Response | Problem | undefined> {
  const found = lookToCloud(exchange.tail, SHOW.path, exchange.snapshot);
  const errand = {
    path: `/v1/models/${encodeURIComponent(exchange.tail)}`,
    body: () => null,
    contentType: undefined,
  };
  return found && runErrand(candidatesOf(found, exchange.snapshot), errand, exchange);
}

/** `GET /v1/models/{id}`: the id may hold slashes, and is any name that can be asked for. */
export const model: Responder = async (exchange) => {
  const { tail, snapshot } = exchange;
  if (!isName(tail)) return { problem: "bad request", text: "invalid model name" };
  const wanted = { path: undefined, unknown: MODEL.unknown };
  // as in the list, a model may be shown whose backend is down
  const known = offerBehind(tail, snapshot);
  if (known !== undefined) return plainJson(modelRow({ name: tail, model: known.model }));
  const found = await find(tail, wanted, snapshot);
  if (isProblem(found)) return (await showOfCloud(exchange)) ?? found;
  const [best] = candidatesOf(found, snapshot);
  return best === undefined ? MODEL.missing : plainJson(modelRow({ name: tail, model: best.model }));
};
