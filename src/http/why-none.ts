/** Says why no backend can serve a name now. */

import { keyOf } from "../domain/name.ts";
import { nearest } from "../domain/nearest.ts";
import { type Problem, quoted } from "../domain/problem.ts";
import { resolve } from "../domain/resolve.ts";
import { ENGINES } from "../engines/detect.ts";
import type { Backend } from "../fleet/backend.ts";
import { type Surveyed, unreached } from "../fleet/survey.ts";
import { routeOf, surveyRoute, type Wanted } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

export function whyNone(name: string, wanted: Wanted, snapshot: Snapshot): Problem {
  const { book, fleet } = snapshot;
  const resolution = resolve(name, book, fleet.isModel);
  if (resolution.kind === "broken") {
    return { problem: "not found", text: `${wanted.unknown(name)}: ${FAULTS[resolution.why]}` };
  }
  const route = routeOf(name, snapshot);
  const known = surveyRoute(route, wanted, snapshot);
  const down = known.filter(({ verdict }) => verdict === "down").map(({ backend }) => backend);
  if (down.length > 0) return noneUp(name, down);
  if (known.length > 0) return unserved(name, wanted, known);
  const never = unreached(route, fleet);
  if (never.length > 0) return noneUp(name, never);
  return { problem: "not found", text: wanted.unknown(name) + hint(name, snapshot) };
}

const FAULTS = {
  cycle: "alias cycle detected",
  "too many hops": "alias chain of more than 10 hops",
};

function noneUp(name: string, backends: readonly Backend[]): Problem {
  const troubles = new Set(backends.map((backend) => `${backend.name}: ${backend.stock.trouble}`));
  return {
    problem: "none up",
    text: `no backend that has "${quoted(name)}" is up (${[...troubles].join("; ")})`,
  };
}

function unserved(name: string, { path = "" }: Wanted, known: readonly Surveyed[]): Problem {
  const here = new Set(known.map(({ backend }) => titleOf(backend, path)));
  const able = ENGINES.filter(({ serves }) => serves.has(path)).map(({ title }) => title);
  const others = able.length === 0 ? "" : `; engines that have it: ${able.join(", ")}`;
  return {
    problem: "unserved",
    text: `"${quoted(name)}" is served by ${[...here].join(", ")}, which has no ${path}${others}`,
  };
}

/** An engine that usually has the path has said itself that it does not. */
function titleOf({ engine }: Backend, path: string): string {
  if (engine === undefined) return "an unknown engine";
  return engine.serves.has(path) ? `an older ${engine.title}` : engine.title;
}

/** What somebody who mistyped may have meant, behind Ollama's own words. */
function hint(name: string, { book, fleet }: Snapshot): string {
  const names = [
    ...book.aliases.map((alias) => alias.name),
    ...fleet.catalog.offers.map(({ model }) => model.id),
  ];
  const near = nearest(
    keyOf(name),
    names.filter((known) => !known.includes("*")),
  );
  return near.length === 0 ? "" : `; did you mean ${near.map((known) => `"${known}"`).join(" or ")}?`;
}
