/** Looks a name up in what is known, without asking anybody. */

import { keyOf } from "../domain/name.ts";
import { resolve, type Route } from "../domain/resolve.ts";
import { withoutLocal } from "../domain/source.ts";
import { survey, type Surveyed } from "../fleet/survey.ts";
import type { Snapshot } from "./snapshot.ts";

/** A path as far as finding a backend needs it. */
export interface Wanted {
  /** Undefined: whoever has the model will do. */
  readonly path: string | undefined;
  /** Where whoever has the model will do: the path at which an Ollama may be asked for a model of its cloud. */
  readonly cloudPath?: string;
  /** The words for an unknown name. */
  readonly unknown: (name: string) => string;
}

/** The route of a name; one that stands for nothing is taken for a model's. */
export function routeOf(name: string, { book, fleet }: Pick<Snapshot, "book" | "fleet">): Route {
  const resolution = resolve(name, book, fleet.isModel, fleet.isOpen);
  if (resolution.kind === "route") return resolution.route;
  const local = resolution.kind === "nothing" ? withoutLocal(name) : undefined;
  const targets = resolution.kind === "broken" ? [] : [{ model: local ?? name, rank: 0, by: [] }];
  return { asked: name, alias: undefined, via: [], targets };
}

/** What tells the requests that wait for the same targets from others. */
export function lineOf({ targets }: Route): string {
  return targets.map(({ model, backend = "" }) => `${keyOf(model)}@${backend}`).join(" ");
}

export function surveyRoute(route: Route, wanted: Wanted, { fleet }: Snapshot): Surveyed[] {
  return survey(route, wanted.path, fleet);
}
