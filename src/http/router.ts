/** Finds who answers a path and a method. The routes are a table; this is how it is read. */

import type { Problem } from "../domain/problem.ts";
import type { Responder } from "./exchange.ts";

/** A `*` in a path stands for any text that is not empty. */
export type Route = readonly [methods: readonly string[], path: string, answer: Responder];

export interface Match {
  readonly answer: Responder;
  /** What the route's `*` stands for; "" without one. */
  readonly tail: string;
}

export interface Router {
  match(method: string, path: string): Match | Problem;
  /** The methods that a path allows, as an `Allow` header lists them; "" for an unknown path. */
  allow(path: string): string;
}

export function routerOf(routes: readonly Route[]): Router {
  const exact = Map.groupBy(routes, ([, path]) => path);
  const matches = new Map([...exact].map(([path, here]) => [path, matchesOf(path, here)]));
  const patterns = routes.filter(([, path]) => path.includes("*"));

  function at(path: string): readonly Route[] {
    return exact.get(path) ?? patterns.filter(([, pattern]) => tailOf(path, pattern) !== "");
  }

  return {
    match(method, path) {
      const match = matches.get(path)?.get(method);
      if (match !== undefined) return match;
      const here = at(path);
      const found = here.find(([methods]) => methods.includes(method));
      if (found !== undefined) {
        const [, pattern, answer] = found;
        return { answer, tail: tailOf(path, pattern) };
      }
      return here.length === 0
        ? { problem: "unknown path" }
        : { problem: "wrong method", allow: methodsOf(here) };
    },
    allow: (path) => methodsOf(at(path)),
  };
}

/** Who answers the methods of one path; of several rows the first. */
function matchesOf(path: string, here: readonly Route[]): ReadonlyMap<string, Match> {
  const rows = here
    .toReversed()
    .map(([methods, , answer]) => methods.map((method) => [method, answer] as const));
  return new Map(rows.flat().map(([method, answer]) => [method, { answer, tail: tailOf(path, path) }]));
}

/** What the `*` of a pattern stands for in a path; "" where it does not fit, or there is none. */
function tailOf(path: string, pattern: string): string {
  const [before = "", after] = pattern.split("*");
  const fits = after !== undefined && path.startsWith(before) && path.endsWith(after);
  return fits ? path.slice(before.length, path.length - after.length) : "";
}

function methodsOf(routes: readonly Route[]): string {
  return routes.flatMap(([methods]) => methods).join(", ");
}
