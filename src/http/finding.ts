/** Finds the backends for a name: resolves it, and looks again where it is unknown or nobody answers. */

import { choose } from "../domain/choose.ts";
import type { Problem } from "../domain/problem.ts";
import type { Route } from "../domain/resolve.ts";
import { isCloudName } from "../domain/source.ts";
import type { Backend } from "../fleet/backend.ts";
import { type Candidate, soleCandidate } from "../fleet/survey.ts";
import { routeOf, surveyRoute, type Wanted } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";
import { whyNone } from "./why-none.ts";

export interface Found {
  readonly route: Route;
  /** At least one, best first. */
  readonly candidates: readonly Candidate[];
}

/**
 * Looks a name up. What is unknown, or known only where nobody answers, may have come up since the last look: all
 * backends are asked once more before the client is told so.
 */
export async function find(name: string, wanted: Wanted, snapshot: Snapshot): Promise<Found | Problem> {
  const found = look(name, wanted, snapshot);
  if (found !== undefined) return found;
  if (mayComeUp(name, wanted, snapshot)) {
    await snapshot.fleet.rescan(() => look(name, wanted, snapshot) !== undefined);
  }
  return (
    look(name, wanted, snapshot) ??
    lookToCloud(name, wanted.path ?? wanted.cloudPath, snapshot) ??
    whyNone(name, wanted, snapshot)
  );
}

function look(name: string, wanted: Wanted, snapshot: Snapshot): Found | undefined {
  const route = routeOf(name, snapshot);
  const ready = surveyRoute(route, wanted, snapshot).filter(({ verdict }) => verdict === "ready");
  return ready.length > 0 ? { route, candidates: choose(ready) } : undefined;
}

/** Whether another look could find a backend: not if all that have the model are up, and serve other paths. */
function mayComeUp(name: string, wanted: Wanted, snapshot: Snapshot): boolean {
  const known = surveyRoute(routeOf(name, snapshot), wanted, snapshot);
  return known.length === 0 || known.some(({ verdict }) => verdict === "down");
}

/** An Ollama serves the models of its cloud without listing them; their names say so. */
export function lookToCloud(name: string, path: string | undefined, snapshot: Snapshot): Found | undefined {
  if (path === undefined) return undefined;
  const route = routeOf(name, snapshot);
  const candidates = route.targets
    .filter(({ model }) => isCloudName(model))
    .flatMap(({ model, backend: home, rank }) =>
      snapshot.fleet.backends
        .filter((backend) => (home ?? backend.name) === backend.name && passesOn(backend, path))
        .map((backend) => ({ ...soleCandidate(backend, model.trim()), rank })),
    );
  return candidates.length > 0 ? { route, candidates: choose(candidates) } : undefined;
}

function passesOn(backend: Backend, path: string): boolean {
  return backend.engine?.name === "ollama" && backend.stock.up && backend.serves(path);
}
