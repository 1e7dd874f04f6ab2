/** Answers what the router knows of itself: health and status. */

import { resolve } from "node:path";

import { listenText } from "../config/listen.ts";
import { type Alias, isPattern } from "../domain/alias.ts";
import { phaseOf } from "../domain/breaker.ts";
import type { Backend } from "../fleet/backend.ts";
import { survey } from "../fleet/survey.ts";
import { VERSION } from "../version.ts";
import type { Responder } from "./exchange.ts";
import { hindranceOf, isHindered } from "./hindrance.ts";
import { isoTime } from "./iso-time.ts";
import { plainJson } from "./json.ts";
import { routeOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** `GET /healthz`: the process lives. */
export const healthz: Responder = () => plainJson({ status: "ok" });

/** `GET /readyz`: there is somebody to send requests to. */
export const readyz: Responder = ({ snapshot }) => {
  const { backends, traffic } = snapshot.fleet;
  const up = backends.filter(({ name, stock }) => stock.up && !traffic.drains.has(name)).length;
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
      .map((backend) => backendState(backend, snapshot)),
    waiting: fleet.traffic.queue.size,
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
function backendState(backend: Backend, { fleet, preloads }: Snapshot): object {
  const { catalog, traffic } = fleet;
  const { name, settings, engine, stock, duty } = backend;
  const nowMs = traffic.clock.now();
  const offers = catalog.offers.filter((offer) => offer.backend === backend);
  return {
    name,
    url: settings.origin,
    engine: engine?.name ?? null,
    version: stock.version ?? null,
    up: stock.up,
    trouble: stock.up ? null : stock.trouble,
    priority: settings.priority,
    weight: settings.weight,
    inflight: duty.inflight,
    max_inflight: settings.limits.maxInflight ?? null,
    drained: drainState(traffic.drains.untilMs(name), nowMs),
    breaker: {
      state: phaseOf(duty.breaker, nowMs),
      failures: duty.breaker.failures,
      until: isoTime(duty.breaker.untilMs, nowMs),
    },
    reloads_prevented: duty.reloadsPrevented,
    resting_until: duty.restsUntilMs > nowMs ? isoTime(duty.restsUntilMs, nowMs) : null,
    preload: preloads.of(backend).map((preload) => ({
      name: preload.name,
      model: preload.model ?? null,
      state: preload.condition,
      why: preload.why,
    })),
    models: offers.map(({ model: { id, loaded, sizeBytes, contextLength }, open }) => ({
      id,
      open,
      loaded,
      size: sizeBytes,
      context_length: contextLength ?? null,
    })),
  };
}

/** Null for one that is not drained; its `until` is null for one that waits for its owner. */
function drainState(untilMs: number | undefined, nowMs: number): object | null {
  return untilMs === undefined ? null : { until: isoTime(untilMs, nowMs) };
}
