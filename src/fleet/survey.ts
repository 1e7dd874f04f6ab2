/** Looks through the fleet for the backends that could serve a route, and says of each whether it can now. */

import type { Standing } from "../domain/choose.ts";
import { keyOf } from "../domain/name.ts";
import type { RankedTarget, Route } from "../domain/resolve.ts";
import { modelOf } from "../engines/model.ts";
import type { Backend, StockedModel } from "./backend.ts";
import type { Fleet } from "./fleet.ts";

/** A backend that can serve a target now. */
export interface Candidate extends Standing {
  readonly backend: Backend;
  readonly model: StockedModel;
}

export interface Surveyed extends Candidate {
  readonly verdict: "ready" | "down" | "does not serve the path";
}

/** A backend as the candidate for a model that it does not list, or for a call that is about none. */
export function soleCandidate(backend: Backend, name: string): Candidate {
  return {
    backend,
    model: { ...modelOf(name), key: keyOf(name), seenAtMs: 0 },
    rank: 0,
    loose: false,
    priority: backend.settings.priority,
    loaded: true,
    inflight: backend.inflight,
    lastTurn: backend.lastTurn,
  };
}

/**
 * Every backend that has a target of the route, in the order of the targets. Of targets that are alike (of one rank)
 * a backend stands only for the first that it has, and for one model only once. Without a path it need not serve any.
 */
export function survey(route: Route, path: string | undefined, fleet: Fleet): Surveyed[] {
  const found: Surveyed[] = [];
  for (const target of route.targets) {
    for (const { backend, model, loose } of fleet.catalog.find(target.model)) {
      if (target.backend !== undefined && target.backend !== backend.name) continue;
      if (found.some((one) => one.backend === backend && (one.rank === target.rank || one.model === model)))
        continue;
      found.push({
        backend,
        model,
        rank: target.rank,
        loose,
        priority: backend.settings.priority,
        loaded: model.loaded,
        inflight: backend.inflight,
        lastTurn: backend.lastTurn,
        verdict: verdictOn(backend, path),
      });
    }
  }
  return found;
}

function verdictOn(backend: Backend, path: string | undefined): Surveyed["verdict"] {
  if (path !== undefined && backend.engine !== undefined && !backend.serves(path))
    return "does not serve the path";
  return backend.stock.up ? "ready" : "down";
}

/** The backends that the route's targets name, or are pinned to, and that never showed what they have. */
export function unreached(route: Route, fleet: Fleet): Backend[] {
  return fleet.backends.filter(
    (backend) => !backend.reached && route.targets.some((target) => wants(target, backend, fleet)),
  );
}

function wants(target: RankedTarget, backend: Backend, fleet: Fleet): boolean {
  if (target.backend !== undefined) return target.backend === backend.name;
  return fleet.pins.get(keyOf(target.model))?.includes(backend.name) ?? false;
}
