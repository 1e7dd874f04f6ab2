/** Answers what the router knows of itself: health, status, and where a name leads. */

import { resolve } from "node:path";

import { listenText } from "../config/listen.ts";
import { type Alias, isPattern } from "../domain/alias.ts";
import { choose } from "../domain/choose.ts";
import { isProblem, statusOf, textOf } from "../domain/problem.ts";
import type { Backend } from "../fleet/backend.ts";
import type { Offer } from "../fleet/catalog.ts";
import { survey } from "../fleet/survey.ts";
import { VERSION } from "../version.ts";
import type { Responder } from "./exchange.ts";
import { find } from "./finding.ts";
import { hindranceOf, isHindered } from "./hindrance.ts";
import { plainJson } from "./json.ts";
import { routeOf, surveyRoute } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** `GET /healthz`: the process lives. */
export const healthz: Responder = () => plainJson({ status: "ok" });

/** `GET /readyz`: there is somebody to send requests to. */
export const readyz: Responder = ({ snapshot }) => {
  const up = snapshot.fleet.backends.filter(({ stock }) => stock.up).length;
  return plainJson({ status: up > 0 ? "ready" : "no backend is up", backends_up: up }, up > 0 ? 200 : 503);
};

/** `GET /mellamo/status` */
export const status: Responder = ({ snapshot }) => {
  const { config, book, fleet, started, file, loadedAt, reloads, store } = snapshot;
  return plainJson({
    version: VERSION,
    started_at: started.toISOString(),
    listen: listenText(config.server.listen),
    config: file === undefined ? null : resolve(file),
    config_loaded_at: loadedAt.toISOString(),
    config_troubles: reloads.troubles,
    needs_restart: reloads.waiting,
    store: { path: store.place, aliases: store.entries.length, trouble: store.trouble ?? null },
    backends: fleet.backends
      .filter(({ settings, reached }) => reached || !settings.presumed)
      .map((backend) => backendState(backend, fleet.catalog.offers)),
    aliases: book.aliases.map((alias) => aliasState(alias, snapshot)),
  });
};

function aliasState(alias: Alias, snapshot: Snapshot): object {
  const { name, source, targets, strategy, listed, echo } = alias;
  const hindrance = hindranceOf(alias, snapshot);
  const leadsOn = !isPattern(alias) && !isHindered(hindrance);
  const known = leadsOn ? survey(routeOf(name, snapshot), undefined, snapshot.fleet) : [];
  const backends = [...new Set(known.map(({ backend }) => backend.name))];
  return { name, source, targets, strategy, listed, echo, backends, ...hindrance };
}

/** Models that are pinned elsewhere are left out: nobody can ask for them here. */
function backendState(backend: Backend, offers: readonly Offer[]): object {
  const { name, settings, engine, stock, inflight } = backend;
  const models = offers.filter((offer) => offer.backend === backend).map(({ model }) => model);
  return {
    name,
    url: settings.origin,
    engine: engine?.name ?? null,
    version: stock.version ?? null,
    up: stock.up,
    trouble: stock.up ? null : stock.trouble,
    priority: settings.priority,
    inflight,
    models: models.map(({ id, loaded, sizeBytes, contextLength }) => ({
      id,
      loaded,
      size: sizeBytes,
      context_length: contextLength ?? null,
    })),
  };
}

/** `GET /mellamo/resolve?model=NAME`, with `&path=/api/chat` for what one path would do. */
export const resolveName: Responder = async ({ search, snapshot }) => {
  const query = new URLSearchParams(search);
  const name = query.get("model") ?? "";
  if (name === "") return { problem: "bad request", text: "model is required" };
  const wanted = {
    path: query.get("path") ?? undefined,
    cloudPath: "/api/chat",
    unknown: (unknown: string) => `model '${unknown}' not found`,
  };
  const found = await find(name, wanted, snapshot);
  const route = routeOf(name, snapshot);
  const surveyed = surveyRoute(route, wanted, snapshot);
  const known = surveyed.length > 0 || isProblem(found) ? choose(surveyed) : found.candidates;
  const chosen = isProblem(found) ? undefined : found.candidates[0];
  return plainJson({
    model: name,
    alias: route.alias?.name ?? null,
    via: route.via,
    targets: route.targets.map(({ model, backend }) =>
      backend === undefined ? { model } : { model, backend },
    ),
    candidates: known.map((one) => ({
      backend: one.backend.name,
      engine: one.backend.engine?.name ?? null,
      model: one.model.id,
      state: "verdict" in one ? one.verdict : "ready",
      loaded: one.loaded,
      inflight: one.inflight,
      priority: one.priority,
      chosen: one.backend === chosen?.backend && one.model === chosen.model,
    })),
    problem: isProblem(found) ? { status: statusOf(found), message: textOf(found) } : null,
  });
};
