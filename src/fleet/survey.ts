/** Looks through the fleet for the backends that could serve a route, and says of each whether it can now. */

import type { Alias } from "../domain/alias.ts";
import type { Standing } from "../domain/choose.ts";
import { keyOf } from "../domain/name.ts";
import type { RankedTarget, Route } from "../domain/resolve.ts";
import { modelOf } from "../engines/model.ts";
import type { Availability } from "../traffic/duty.ts";
import type { Backend, StockedModel } from "./backend.ts";
import type { FoundOffer } from "./catalog.ts";
import type { Fleet } from "./fleet.ts";

/** A backend that can serve a target. */
export interface Candidate extends Standing {
  readonly backend: Backend;
  readonly model: StockedModel;
  /** The aliases that led to it, the asked one first. */
  readonly by: readonly Alias[];
}

/** Whether a candidate can serve now and, if not, why. */
export type Verdict =
  | Availability
  | { readonly kind: "down" }
  /** Its engine has no such path. */
  | { readonly kind: "lacking" };

export interface Surveyed extends Candidate {
  readonly verdict: Verdict;
}

/** A backend as the candidate for a model that it does not list, or for a call that is about none. */
export function soleCandidate(backend: Backend, name: string): Candidate {
  return {
    backend,
    model: { ...modelOf(name), key: keyOf(name), seenAtMs: 0 },
    by: [],
    weight: backend.weight,
    rank: 0,
    loose: false,
    priority: backend.settings.priority,
    loaded: true,
    starting: false,
    load: backend.duty.load(backend.weight, performance.now()),
    turn: backend.duty.turn,
  };
}

/**
 * Every backend that has a target of the route, in the order of the targets. Of targets that are alike (of one rank)
 * a backend stands only for the first that it has, and for one model only once. Without a path it need not serve any.
 * A model that has no name of its own is found by aliases alone.
 */
export function survey({ alias, targets }: Route, path: string | undefined, fleet: Fleet): Surveyed[] {
  const nowMs = fleet.traffic.clock.now();
  const found: Surveyed[] = [];
  for (const target of targets) {
    for (const offer of fleet.catalog.find(target.model)) {
      const { backend } = offer;
      if (target.backend !== undefined && target.backend !== backend.name) continue;
      if (alias === undefined && !offer.open) continue;
      found.push(surveyed(offer, target, path, fleet, nowMs));
    }
  }
  return targets.length > 1 ? withoutRepeats(found) : found;
}

/** Of those of one rank the first of each backend, and of those of one model the first. */
function withoutRepeats(found: readonly Surveyed[]): Surveyed[] {
  const models = new Set<StockedModel>();
  const ranks = new Map<number, Set<Backend>>();
  return found.filter(({ backend, model, rank }) => {
    const ofRank = ranks.get(rank) ?? new Set();
    ranks.set(rank, ofRank);
    if (ofRank.has(backend) || models.has(model)) return false;
    ofRank.add(backend);
    models.add(model);
    return true;
  });
}

function surveyed(
  { backend, model, loose, loaded }: FoundOffer,
  target: RankedTarget,
  path: string | undefined,
  fleet: Fleet,
  nowMs: number,
): Surveyed {
  const { duty, settings, stock } = backend;
  const weight = target.weight ?? backend.weight;
  return {
    backend,
    model,
    by: target.by,
    weight,
    rank: target.rank,
    loose,
    priority: settings.priority,
    loaded: loaded && !stock.starting,
    starting: stock.starting,
    load: duty.load(weight, nowMs),
    turn: duty.turn,
    verdict: verdictOn(backend, path, fleet, nowMs),
  };
}

const DOWN: Verdict = { kind: "down" };
const LACKING: Verdict = { kind: "lacking" };

/** What stands in the way for longest is told. */
export function verdictOn(
  backend: Backend,
  path: string | undefined,
  { traffic }: Fleet,
  nowMs: number,
): Verdict {
  if (path !== undefined && backend.engine !== undefined && !backend.serves(path)) return LACKING;
  const availability = traffic.availability(backend, nowMs);
  if (availability.kind === "drained") return availability;
  return backend.stock.up || backend.stock.starting ? availability : DOWN;
}

/** Whether it can serve now. */
export function isReady({ verdict }: Surveyed): boolean {
  return verdict.kind === "ready";
}

/** Whether it is a matter of waiting: what is in the way ends by itself, or with another request. */
export function isPassing({ kind }: Verdict): boolean {
  return kind === "full" || kind === "on trial" || kind === "resting";
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
