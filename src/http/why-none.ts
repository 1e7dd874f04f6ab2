/** Says why no backend can serve a name now. */

import { bareName, keyOf } from "../domain/name.ts";
import { nearest } from "../domain/nearest.ts";
import { type Problem, quoted } from "../domain/problem.ts";
import { FAULT_TEXTS, resolve, type Route } from "../domain/resolve.ts";
import { ENGINES } from "../engines/detect.ts";
import { type Backend, troublesOf } from "../fleet/backend.ts";
import { type Surveyed, unreached } from "../fleet/survey.ts";
import { routeOf, surveyRoute, type Wanted } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";
import { verdictText } from "./verdict-text.ts";

export function whyNone(name: string, wanted: Wanted, snapshot: Snapshot): Problem {
  const { book, fleet } = snapshot;
  const resolution = resolve(name, book, fleet.isModel, fleet.isOpen);
  if (resolution.kind === "broken") {
    return { problem: "not found", text: `${wanted.unknown(name)}: ${FAULT_TEXTS[resolution.why]}` };
  }
  const route = routeOf(name, snapshot);
  const known = surveyRoute(route, wanted, snapshot);
  const able = known.filter(({ verdict }) => verdict.kind !== "lacking");
  if (able.some(({ verdict }) => verdict.kind !== "down")) return noneNow(name, able, snapshot);
  if (able.length > 0)
    return noneUp(
      name,
      able.map(({ backend }) => backend),
    );
  if (known.length > 0) return unserved(name, wanted, known);
  const never = unreached(route, fleet);
  if (never.length > 0) return noneUp(name, never);
  if (!fleet.backends.some(({ reached }) => reached)) return noneYet(fleet.backends);
  const missing = route.alias === undefined ? notOnPin(name, snapshot) : noTarget(route, snapshot);
  return { problem: "not found", text: wanted.unknown(name) + missing + hint(route, snapshot) };
}

export function noneUp(name: string, backends: readonly Backend[]): Problem {
  return {
    problem: "none up",
    text: `no backend that has "${quoted(name)}" is up (${troublesOf(backends)})`,
  };
}

/** Some are up, and cannot be asked all the same. */
function noneNow(name: string, able: readonly Surveyed[], { fleet }: Snapshot): Problem {
  const nowMs = fleet.traffic.clock.now();
  const reasons = new Set(able.map((one) => `${one.backend.name}: ${verdictText(one, nowMs)}`));
  const untilMs = Math.min(...able.map(({ verdict }) => ("untilMs" in verdict ? verdict.untilMs : Infinity)));
  const seconds = Math.max(1, Math.ceil((untilMs - nowMs) / 1000));
  return {
    problem: "none up",
    text: `no backend that has "${quoted(name)}" can serve it now (${[...reasons].join("; ")})`,
    ...(seconds === Infinity ? {} : { retryAfterSeconds: seconds }),
  };
}

function unserved(name: string, { path = "" }: Wanted, known: readonly Surveyed[]): Problem {
  const here = new Set(known.map(({ backend }) => `${backend.name} (${titleOf(backend, path)})`));
  const able = ENGINES.filter(({ serves }) => serves.has(path));
  // that some server of OpenAI's kind has it says nothing of this one
  const isGeneric = known.some(({ backend }) => backend.engine?.name === "openai");
  const titles = able
    .filter(({ name: engine }) => !(isGeneric && engine === "openai"))
    .map(({ title }) => title)
    .join(", ");
  const others = titles === "" ? "" : `; engines that have it: ${titles}`;
  return {
    problem: "unserved",
    text: `"${quoted(name)}" is served by ${[...here].join(", ")}, which has no ${path}${others}`,
  };
}

/** An engine that usually has the path has said itself that it does not. */
function titleOf({ engine }: Backend, path: string): string {
  if (engine === undefined) return "an unknown engine";
  return engine.serves.has(path) && engine.name !== "openai" ? `an older ${engine.title}` : engine.title;
}

/** Nothing is known of any model yet. */
function noneYet(backends: readonly Backend[]): Problem {
  const expected = backends.filter(({ settings }) => !settings.presumed);
  const troubles = expected.length === 0 ? "" : ` (${troublesOf(expected)})`;
  return { problem: "none up", text: `no engine answers yet${troubles}` };
}

/** A pin to a backend that does not have the model is its owner's mistake, too. */
function notOnPin(name: string, { fleet }: Snapshot): string {
  const pins = fleet.pins.get(keyOf(name));
  return pins === undefined ? "" : `: it is pinned to ${pins.join(", ")}, and not there`;
}

/** An alias that leads nowhere is its owner's mistake rather than the client's. */
function noTarget({ targets }: Route, { fleet }: Snapshot): string {
  const texts = targets.map(({ model, backend }) => {
    const homes = backend ?? fleet.pins.get(keyOf(model))?.join(" or ");
    return `"${quoted(model)}"${homes === undefined ? "" : ` on ${homes}`}`;
  });
  const shown = [...new Set(texts)].slice(0, 3).join(", ");
  return `: nobody has what it stands for (${shown})`;
}

/** What somebody who mistyped may have meant, behind Ollama's own words. */
function hint({ asked, alias, targets }: Route, { book, fleet }: Snapshot): string {
  const mistyped = alias === undefined ? asked : (targets[0]?.model ?? asked);
  const names = [
    ...book.aliases.filter((one) => one.name !== alias?.name).map(({ name }) => name),
    ...fleet.catalog.offers.filter(({ open }) => open).map(({ model }) => bareName(model.id)),
  ];
  const near = nearest(
    keyOf(mistyped),
    names.filter((known) => !known.includes("*") && keyOf(known) !== keyOf(mistyped)),
  );
  return near.length === 0 ? "" : `; did you mean ${near.map((known) => `"${known}"`).join(" or ")}?`;
}
