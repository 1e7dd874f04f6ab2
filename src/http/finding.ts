/** Finds the backends for a name: resolves it, and looks again where it is unknown or nobody answers. */

import { choose } from "../domain/choose.ts";
import { keyOf } from "../domain/name.ts";
import type { Problem } from "../domain/problem.ts";
import type { Route } from "../domain/resolve.ts";
import { isCloudName } from "../domain/source.ts";
import type { Backend } from "../fleet/backend.ts";
import {
  type Candidate,
  isPassing,
  isReady,
  soleCandidate,
  type Surveyed,
  verdictOn,
} from "../fleet/survey.ts";
import { routeOf, surveyRoute, type Wanted } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";
import { whyNone } from "./why-none.ts";

export interface Found {
  readonly route: Route;
  /** All that could ever serve the name, as they are now; when it was found, one of them at least was up. */
  readonly survey: Survey;
}

type Survey = (snapshot: Snapshot) => Surveyed[];

/**
 * Looks a name up. What is unknown, or known only where nobody answers, may have come up since the last look: all
 * backends are asked once more before the client is told so.
 */
export function find(name: string, wanted: Wanted, snapshot: Snapshot): Found | Promise<Found | Problem> {
  return look(name, wanted, snapshot) ?? lookAgain(name, wanted, snapshot);
}

async function lookAgain(name: string, wanted: Wanted, snapshot: Snapshot): Promise<Found | Problem> {
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
  const survey: Survey = (current) =>
    surveyRoute(current === snapshot ? route : routeOf(name, current), wanted, current);
  return foundBy(route, survey, snapshot);
}

function foundBy(route: Route, survey: Survey, snapshot: Snapshot): Found | undefined {
  return survey(snapshot).some(isComing) ? { route, survey } : undefined;
}

/** Whether it can serve, now or in a while. */
function isComing(one: Surveyed): boolean {
  return isReady(one) || isPassing(one.verdict);
}

/** Those that are up, best first; the ones that work would have to wait for come last. */
export function candidatesOf({ survey }: Found, snapshot: Snapshot): Candidate[] {
  const surveyed = survey(snapshot);
  const ready = surveyed.filter(isReady);
  return [...choose(ready), ...choose(surveyed.filter(({ verdict }) => isPassing(verdict)))];
}

/** Whether another look could find a backend: not if all that have the model are up, and serve other paths. */
function mayComeUp(name: string, wanted: Wanted, snapshot: Snapshot): boolean {
  const known = surveyRoute(routeOf(name, snapshot), wanted, snapshot);
  return known.length === 0 || known.some(({ verdict }) => verdict.kind === "down");
}

/** An Ollama serves the models of its cloud without listing them; their names say so. */
export function lookToCloud(name: string, path: string | undefined, snapshot: Snapshot): Found | undefined {
  if (path === undefined) return undefined;
  return foundBy(routeOf(name, snapshot), (current) => surveyCloud(name, path, current), snapshot);
}

function surveyCloud(name: string, path: string, snapshot: Snapshot): Surveyed[] {
  const { fleet, config } = snapshot;
  const nowMs = fleet.traffic.clock.now();
  const route = routeOf(name, snapshot);
  const isClosed = config.listing.only !== "all" && !config.models.has(keyOf(name));
  if (route.alias === undefined && isClosed) return [];
  return route.targets
    .filter(({ model }) => isCloudName(model))
    .flatMap(({ model, backend: home, rank, by }) => {
      const homes = home === undefined ? fleet.pins.get(keyOf(model)) : [home];
      return fleet.backends
        .filter((backend) => (homes?.includes(backend.name) ?? true) && passesOn(backend, path))
        .map((backend) => ({
          ...soleCandidate(backend, model.trim()),
          by,
          rank,
          verdict: verdictOn(backend, path, fleet, nowMs),
        }));
    });
}

function passesOn(backend: Backend, path: string): boolean {
  return backend.engine?.name === "ollama" && backend.stock.up && backend.serves(path);
}
