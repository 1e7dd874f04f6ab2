/** Finds the Ollama backends that a call which manages models goes to: no other engine has such calls. */

import { isPattern, type Target } from "../domain/alias.ts";
import { keyOf } from "../domain/name.ts";
import { isProblem, type Problem, quoted } from "../domain/problem.ts";
import { aliasOf } from "../domain/step.ts";
import { type Backend, troublesOf } from "../fleet/backend.ts";
import { type Candidate, soleCandidate } from "../fleet/survey.ts";
import { routeOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** At least one backend that manages models and is up, highest priority first. */
export type Ollamas = readonly [Backend, ...Backend[]];

/** At least one candidate, best first, each with the model as it is called there. */
export type Places = readonly [Candidate, ...Candidate[]];

/** A problem where there is none, even after another look. */
export async function ollamasOf(snapshot: Snapshot): Promise<Ollamas | Problem> {
  const known = knownOllamas(snapshot);
  if (!isProblem(known)) return known;
  await snapshot.fleet.rescan(() => !isProblem(knownOllamas(snapshot)));
  return knownOllamas(snapshot);
}

function knownOllamas({ fleet }: Snapshot): Ollamas | Problem {
  const [first, ...others] = fleet.backends
    .filter(
      (backend) => backend.engine?.manages && backend.stock.up && !fleet.traffic.drains.has(backend.name),
    )
    .sort((a, b) => b.settings.priority - a.settings.priority);
  if (first !== undefined) return [first, ...others];
  const possible = fleet.backends.filter(mayManage);
  const drained = possible.map(({ name }) => name).filter((name) => fleet.traffic.drains.has(name));
  if (drained.length > 0) return { problem: "none up", text: `drained: ${drained.join(", ")}` };
  return possible.length === 0
    ? { problem: "unserved", text: "no backend is an Ollama, and no other engine manages models" }
    : { problem: "none up", text: `no Ollama backend is up (${troublesOf(possible)})` };
}

/** An Ollama, or one of which it is not known what it is. */
function mayManage({ engine, settings }: Backend): boolean {
  return engine === undefined ? !settings.presumed : engine.manages;
}

/** What a name stands for first, at one backend or at any. Patterns do not count: a model may yet come of that name. */
export function targetOf(name: string, snapshot: Snapshot, at?: Backend): Target {
  const { book, fleet } = snapshot;
  const alias = aliasOf(name, book, fleet.isOpen)?.alias;
  const targets = alias === undefined || isPattern(alias) ? [] : routeOf(name, snapshot).targets;
  const meant = targets.find(
    ({ backend }) => at === undefined || backend === undefined || backend === at.name,
  );
  return meant ?? targets[0] ?? { model: name };
}

/** Where the model is that a name stands for, or belongs. */
export function placesOf(name: string, snapshot: Snapshot): Promise<Places | Problem> {
  return placesOfTarget(targetOf(name, snapshot), snapshot);
}

/** The backends that a target is pinned to, or else all: those that have it go first. */
export async function placesOfTarget(target: Target, snapshot: Snapshot): Promise<Places | Problem> {
  const { fleet } = snapshot;
  const homes = homesOf(target, snapshot);
  const offers = () => fleet.catalog.find(target.model).filter(({ backend }) => homes.includes(backend));
  const isHad = () => offers().some(({ backend }) => backend.stock.up);
  // whoever has it, or should, may be up again
  const wanted = isPinned(target, snapshot) ? homes : offers().map(({ backend }) => backend);
  if (!isHad()) await Promise.all(wanted.filter(isLost).map((backend) => fleet.looks.refresh(backend)));
  const ollamas = await ollamasOf(snapshot);
  if (isProblem(ollamas)) return ollamas;

  const having = new Map(offers().map(({ backend, model }) => [backend, model.id]));
  const [first, ...others] = ollamas
    .filter((backend) => homes.includes(backend))
    .toSorted((a, b) => Number(having.has(b)) - Number(having.has(a)))
    .map((backend) => soleCandidate(backend, having.get(backend) ?? target.model.trim()));
  return first === undefined ? notThere(target, homes) : [first, ...others];
}

/** Whether the place has the model already, rather than being where it would go. */
export function isHome({ backend, model }: Candidate): boolean {
  return backend.stock.models.some(({ id }) => id === model.id);
}

function isLost(backend: Backend): boolean {
  return mayManage(backend) && !backend.stock.up;
}

function isPinned(target: Target, { fleet }: Snapshot): boolean {
  return target.backend !== undefined || fleet.pins.has(keyOf(target.model));
}

/** Where a target may be at all. */
function homesOf(target: Target, { fleet }: Snapshot): readonly Backend[] {
  const pins = target.backend === undefined ? fleet.pins.get(keyOf(target.model)) : [target.backend];
  return fleet.backends.filter(({ name }) => pins?.includes(name) ?? true);
}

function notThere({ model }: Target, homes: readonly Backend[]): Problem {
  const names = homes.map(({ name }) => name).join(", ");
  const belongs = `"${quoted(model)}" belongs to ${names}`;
  return homes.some(mayManage)
    ? { problem: "none up", text: `${belongs}, which is not up (${troublesOf(homes.filter(isLost))})` }
    : { problem: "unserved", text: `${belongs}, which is no Ollama, and no other engine manages models` };
}
