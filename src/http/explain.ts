/** Answers where a name leads: every candidate in order, and why it is chosen or skipped. */

import { unmetPaths } from "../dialects/unmet.ts";
import { choose, type Reason, reasonBefore } from "../domain/choose.ts";
import { parametersOf } from "../domain/parameters.ts";
import { isProblem, statusOf, textOf } from "../domain/problem.ts";
import { type Candidate, isReady, type Surveyed, type Verdict } from "../fleet/survey.ts";
import type { Responder } from "./exchange.ts";
import { find } from "./finding.ts";
import { plainJson } from "./json.ts";
import { lineOf, routeOf, surveyRoute } from "./lookup.ts";
import { settledFor } from "./parameters.ts";
import type { Snapshot } from "./snapshot.ts";
import { verdictText } from "./verdict-text.ts";

/** `GET /mellamo/resolve?model=NAME`, with `&path=/api/chat` for what one path would do. */
export const resolveName: Responder = async ({ search, snapshot }) => {
  const query = new URLSearchParams(search);
  const name = query.get("model") ?? "";
  if (name === "") return { problem: "bad request", text: "model is required" };
  const path = query.get("path") ?? undefined;
  const wanted = {
    path,
    cloudPath: "/api/chat",
    unknown: (unknown: string) => `model '${unknown}' not found`,
  };
  const found = await find(name, wanted, snapshot);
  const route = routeOf(name, snapshot);
  const surveyed = isProblem(found) ? surveyRoute(route, wanted, snapshot) : found.survey(snapshot);
  const ready = choose(surveyed.filter(isReady));
  const skipped = choose(surveyed.filter((one) => !isReady(one)));
  const { clock, queue } = snapshot.fleet.traffic;
  return plainJson({
    model: name,
    alias: route.alias?.name ?? null,
    via: route.via,
    targets: route.targets.map(({ model, backend, weight }) => ({ model, backend, weight })),
    candidates: [...ready, ...skipped].map((one) => ({
      backend: one.backend.name,
      engine: one.backend.engine?.name ?? null,
      model: one.model.id,
      state: STATES[one.verdict.kind] ?? one.verdict.kind,
      reason: isReady(one) ? reasonOf(one, ready) : verdictText(one, clock.now(), path),
      loaded: one.loaded && one.backend.stock.up,
      inflight: one.backend.duty.inflight,
      priority: one.priority,
      weight: one.weight,
      chosen: one === ready[0],
      ...parametersState(one, snapshot, path),
    })),
    waiting: queue.lengthOf(lineOf(route)),
    problem: isProblem(found) ? { status: statusOf(found), message: textOf(found) } : null,
  });
};

/** What is asked of its model; null: nothing. `unmet` tells the paths that have no place for some of it. */
function parametersState(candidate: Candidate, snapshot: Snapshot, path: string | undefined) {
  const wanted = settledFor(candidate, snapshot);
  const { engine } = candidate.backend;
  if (wanted === undefined) return { parameters: null, unmet: {} };
  const { defaults, force } = wanted;
  return {
    parameters: parametersOf({ ...defaults, force }) ?? null,
    unmet: engine === undefined ? {} : Object.fromEntries(unmetPaths(wanted, engine, path)),
  };
}

const STATES: Readonly<Partial<Record<Verdict["kind"], string>>> = {
  lacking: "does not serve the path",
  open: "breaker open",
  "on trial": "breaker half-open",
};

/** Of the first, why it goes before the second; of the others, why they go behind the first. */
function reasonOf(one: Surveyed, ready: readonly Surveyed[]): string {
  const [first, second] = ready;
  if (first === undefined || second === undefined) return "the only one that can";
  const reason = one === first ? reasonBefore(first, second) : reasonBefore(first, one);
  return reason === undefined ? "as good as any" : WORDS[reason](one, one === first);
}

/** What speaks for the one that goes first, or against another. */
const WORDS: Readonly<Record<Reason, (one: Surveyed, isFirst: boolean) => string>> = {
  "an earlier target": (_, isFirst) => (isFirst ? "an earlier target" : "a later target"),
  "its spelling": (_, isFirst) => (isFirst ? "spelled as asked" : "spelled otherwise"),
  priority: ({ priority }, isFirst) => `${isFirst ? "higher" : "lower"} priority (${priority})`,
  loaded: (_, isFirst) => (isFirst ? "loaded" : "not loaded"),
  started: (_, isFirst) => (isFirst ? "loaded" : "still loading its model"),
  "less busy": ({ backend, load, weight }) =>
    load * weight > backend.duty.inflight
      ? `${backend.duty.inflight} in flight, has failed lately`
      : `${backend.duty.inflight} in flight`,
  "its turn": (_, isFirst) => (isFirst ? "its turn" : "another's turn"),
};
