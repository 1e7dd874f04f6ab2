/** Turns the name a client asks for into a route: the ordered targets it stands for. */

import { type Alias, isPattern, type Target } from "./alias.ts";
import type { Book } from "./book.ts";

/** Alias-to-alias steps from the asked name to a model; the model at the end is not counted. */
export const MAX_HOPS = 10;

/** A target with its place in line: those of an equal rank are alike, a lower rank is exhausted first. */
export interface RankedTarget extends Target {
  readonly rank: number;
}

export interface Route {
  readonly asked: string;
  /** The alias that was asked; undefined where the name is a model's own. */
  readonly alias: Alias | undefined;
  /** The names of the aliases that were followed, in the order they were met. */
  readonly via: readonly string[];
  /** In the order they are written, without duplicates. */
  readonly targets: readonly RankedTarget[];
}

export type Resolution =
  | { readonly kind: "route"; readonly route: Route }
  /** Neither an alias nor, as far as is known, a model. */
  | { readonly kind: "nothing" }
  /** An alias that cannot be followed to any model: more hops than allowed, or a cycle not seen when it was written. */
  | { readonly kind: "broken"; readonly why: "too many hops" | "cycle" };

/**
 * Looks a name up: an exact alias, then a model, then a pattern alias.
 *
 * An alias of the file beats a model of its name (Olla's rule), unless none of its targets exists while the
 * model does. A name inside its own target list means the model of that name.
 */
export function resolve(asked: string, book: Book, isModel: (name: string) => boolean): Resolution {
  const alias = book.exact(asked);
  if (alias !== undefined) return follow(asked, alias, "", book, isModel);
  if (isModel(asked)) {
    const route: Route = { asked, alias: undefined, via: [], targets: [{ model: asked, rank: 0 }] };
    return { kind: "route", route };
  }
  const match = book.pattern(asked);
  if (match !== undefined) return follow(asked, match.alias, match.captured, book, isModel);
  return { kind: "nothing" };
}

/** One alias as it is met on the way: with the text its `*` stands for, where it is a pattern. */
interface Visit {
  readonly alias: Alias;
  readonly captured: string;
  /** The name that led here. */
  readonly name: string;
  readonly backend: string | undefined;
}

function follow(
  asked: string,
  first: Alias,
  captured: string,
  book: Book,
  isModel: (name: string) => boolean,
): Resolution {
  const targets: RankedTarget[] = [];
  const via: string[] = [];
  const met = new Set<string>();
  let fault: "too many hops" | "cycle" | undefined;

  /** Adds what a visited alias stands for; returns the last rank used. */
  function expand(visit: Visit, rank: number, trail: readonly Alias[]): number {
    if (trail.length > MAX_HOPS) {
      fault = "too many hops";
      return rank;
    }
    const identity = `${visit.alias.name}\n${visit.captured}\n${visit.backend ?? ""}`;
    if (met.has(identity)) return rank;
    met.add(identity);
    via.push(visit.alias.name);

    const before = targets.length;
    const inner = [...trail, visit.alias];
    let last = rank;
    let next = rank;
    for (const target of visit.alias.targets) {
      last = Math.max(last, addTarget(target, visit, next, inner));
      if (visit.alias.strategy === "order") next = last + 1;
    }
    const found = targets.slice(before).some((target) => isModel(target.model));
    if (!found && isModel(visit.name)) add(visit.name, visit.backend, rank);
    return last;
  }

  function addTarget(target: Target, visit: Visit, rank: number, trail: readonly Alias[]): number {
    const name = isPattern(visit.alias) ? target.model.replaceAll("*", () => visit.captured) : target.model;
    const backend = target.backend ?? visit.backend;
    const next = step(name, visit.alias, book, isModel);
    if (next === undefined) return add(name, backend, rank);
    if (trail.includes(next.alias)) {
      fault = "cycle";
      return rank;
    }
    return expand({ ...next, name, backend }, rank, trail);
  }

  function add(model: string, backend: string | undefined, rank: number): number {
    const known = targets.some((target) => target.model === model && target.backend === backend);
    if (!known) targets.push({ model, backend, rank });
    return rank;
  }

  expand({ alias: first, captured, name: asked, backend: undefined }, 0, []);
  if (targets.length === 0 && fault !== undefined) return { kind: "broken", why: fault };
  return { kind: "route", route: { asked, alias: first, via, targets } };
}

/** The alias that a target's name leads on to; undefined where it is a model: its own name, a known one, or no alias. */
function step(
  name: string,
  from: Alias,
  book: Book,
  isModel: (name: string) => boolean,
): { readonly alias: Alias; readonly captured: string } | undefined {
  const exact = book.exact(name);
  if (exact !== undefined) return exact === from ? undefined : { alias: exact, captured: "" };
  if (isModel(name)) return undefined;
  const match = book.pattern(name);
  return match === undefined || match.alias === from ? undefined : match;
}
