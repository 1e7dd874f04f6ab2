/** Finds who answers a path and a method. The routes are a table; this is how it is read. */

import type { Problem } from "../domain/problem.ts";
import type { Responder } from "./exchange.ts";

/** A path that ends in `/*` stands for all that is longer. */
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
  const tails = routes.filter(([, path]) => path.endsWith("/*"));

  function at(path: string): readonly Route[] {
    return exact.get(path) ?? tails.filter(([, pattern]) => path.startsWith(pattern.slice(0, -1)));
  }

  return {
    match(method, path) {
      const here = at(path);
      const found = here.find(([methods]) => methods.includes(method));
      if (found !== undefined) {
        const [, pattern, answer] = found;
        return { answer, tail: pattern.endsWith("/*") ? path.slice(pattern.length - 1) : "" };
      }
      return here.length === 0
        ? { problem: "unknown path" }
        : { problem: "wrong method", allow: methodsOf(here) };
    },
    allow: (path) => methodsOf(at(path)),
  };
}

function methodsOf(routes: readonly Route[]): string {
  return routes.flatMap(([methods]) => methods).join(", ");
}
