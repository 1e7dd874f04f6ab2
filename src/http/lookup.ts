/** Looks a name up in what is known, without asking anybody. */

import type { Book } from "../domain/book.ts";
import { keyOf } from "../domain/name.ts";
import { resolve, type Route } from "../domain/resolve.ts";
import { withoutLocal } from "../domain/source.ts";
import type { Catalog } from "../fleet/catalog.ts";
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

/** The routes of names that led somewhere, as long as aliases and models stay as they are. */
interface Known {
  readonly catalog: Catalog;
  readonly routes: Map<string, Route>;
}

const knownBy = new WeakMap<Book, Known>();

/** The most names of one configuration whose routes are kept: patterns stand for any number. */
const MAX_KNOWN = 10_000;

/** The route of a name; one that stands for nothing is taken for a model's. */
export function routeOf(name: string, { book, fleet }: Pick<Snapshot, "book" | "fleet">): Route {
  const { catalog } = fleet;
  let known = knownBy.get(book);
  if (known?.catalog !== catalog) {
    known = { catalog, routes: new Map() };
    knownBy.set(book, known);
  }
  const { routes } = known;
  const route = routes.get(name);
  if (route !== undefined) return route;
  const resolution = resolve(name, book, fleet.isModel, fleet.isOpen);
  if (resolution.kind === "route") {
    if (routes.size < MAX_KNOWN) routes.set(name, resolution.route);
    return resolution.route;
  }
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
