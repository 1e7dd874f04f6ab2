/** Turns the name a client asks for into a route: the ordered targets it stands for. */

import { type Alias, isPattern, type Target } from "./alias.ts";
import type { Book } from "./book.ts";
import { aliasOf, type IsModel, step, type Visit, visitIdentity } from "./step.ts";

/** Alias-to-alias steps from the asked name to a model; the model at the end is not counted. */
export const MAX_HOPS = 10;

/** Patterns of several targets that lead to more patterns could stand for millions. */
const MAX_TARGETS = 1000;

/** A target with its place in line: those of an equal rank are alike, a lower rank is exhausted first. */
export interface RankedTarget extends Target {
  readonly rank: number;
  /** The aliases that led to it, the asked one first; of several ways the first. */
  readonly by: readonly Alias[];
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
  | { readonly kind: "broken"; readonly why: Fault };

export type Fault = "too many hops" | "too many targets" | "cycle";

export const FAULT_TEXTS: Readonly<Record<Fault, string>> = {
  cycle: "alias cycle detected",
  "too many hops": "alias chain of more than 10 hops",
  "too many targets": "alias that stands for 1000 targets or more",
};

/**
 * Looks a name up: an alias of the file, then a model, then a stored alias, then a pattern of either place.
 *
 * An alias of the file beats a model of its name (Olla's rule), unless none of its targets exists while the
 * model does. A name inside its own target list means the model of that name. Whoever asks has only the models that
 * are `isOpen`; aliases may lead to any.
 */
export function resolve(asked: string, book: Book, isModel: IsModel, isOpen: IsModel = isModel): Resolution {
  const found = aliasOf(asked, book, isOpen);
  if (found !== undefined) return new Expansion(book, isModel, isOpen).of({ ...found, name: asked });
  if (!isOpen(asked)) return { kind: "nothing" };
  const route: Route = { asked, alias: undefined, via: [], targets: [{ model: asked, rank: 0, by: [] }] };
  return { kind: "route", route };
}

/** What became of a part of the expansion. */
interface Part {
  /** The highest rank that was given. */
  readonly last: number;
  /** Whether it led to a model that exists. */
  readonly exists: boolean;
  /** Why it led to no model at all. */
  readonly fault: Fault | undefined;
}

/** Follows one asked alias to all its targets, depth first. */
class Expansion {
  private readonly targets = new Map<string, RankedTarget>();
  private readonly via = new Set<string>();
  /** What was expanded already, and how many hops away: a shorter way may lead further. */
  private readonly met = new Map<string, { readonly hops: number; readonly part: Part }>();
  private readonly book: Book;
  private readonly isModel: IsModel;
  private readonly isOpen: IsModel;

  constructor(book: Book, isModel: IsModel, isOpen: IsModel) {
    this.book = book;
    this.isModel = isModel;
    this.isOpen = isOpen;
  }

  of(visit: Visit): Resolution {
    const part = this.expand(visit, 0, [], undefined);
    const fault = this.targets.size >= MAX_TARGETS ? "too many targets" : part.fault;
    if (fault !== undefined) return { kind: "broken", why: fault };
    const targets = [...this.targets.values()];
    return { kind: "route", route: { asked: visit.name, alias: visit.alias, via: [...this.via], targets } };
  }

  /** `weight` is that of the target that led here, for those of its own targets that have none. */
  private expand(visit: Visit, rank: number, before: readonly Visit[], weight: number | undefined): Part {
    const hops = before.length;
    if (hops > MAX_HOPS) return { last: rank, exists: false, fault: "too many hops" };
    if (this.targets.size >= MAX_TARGETS) return { last: rank, exists: false, fault: "too many targets" };
    const identity = visitIdentity(visit);
    const met = this.met.get(identity);
    if (met !== undefined && met.hops <= hops) return { ...met.part, last: rank };
    this.via.add(visit.alias.name);

    const parts: Part[] = [];
    let next = rank;
    for (const target of visit.alias.targets) {
      const part = this.follow({ ...target, weight: target.weight ?? weight }, visit, next, before);
      parts.push(part);
      if (visit.alias.strategy === "order") next = part.last + 1;
    }
    // whoever asks has no other models than those that are open
    const isModel = hops === 0 ? this.isOpen : this.isModel;
    if (!parts.some(({ exists }) => exists) && isModel(visit.name))
      parts.push(this.add({ model: visit.name, weight }, rank, [...before, visit]));
    const part: Part = {
      last: Math.max(...parts.map(({ last }) => last)),
      exists: parts.some(({ exists }) => exists),
      fault: parts.every(({ fault }) => fault !== undefined) ? parts[0]?.fault : undefined,
    };
    this.met.set(identity, { hops, part });
    return part;
  }

  private follow(target: Target, from: Visit, rank: number, before: readonly Visit[]): Part {
    const next = step(target, from, before, this.book, this.isModel);
    const way = [...before, from];
    if (next.kind === "model") return this.add({ ...target, model: next.model }, rank, way);
    if (next.kind === "cycle") return { last: rank, exists: false, fault: "cycle" };
    const part = this.expand(next.visit, rank, way, target.weight);
    // a pattern stands for names that no model bears: where it only leads back, this one must be a model's, so that
    // `"*" = "fast"` beside `fast = "qwen3:32b"` is no cycle
    const leadsBack = part.fault === "cycle" && isPattern(next.visit.alias);
    return leadsBack ? this.add({ model: next.visit.name, weight: target.weight }, rank, way) : part;
  }

  /** A target that is listed twice has the lower of its ranks. */
  private add({ model, backend, weight }: Target, rank: number, way: readonly Visit[]): Part {
    const key = `${model}\n${backend ?? ""}`;
    const before = this.targets.get(key);
    const lower = Math.min(rank, before?.rank ?? rank);
    const by = before?.by ?? way.map(({ alias }) => alias);
    this.targets.set(key, { model, backend, weight: before?.weight ?? weight, rank: lower, by });
    return { last: rank, exists: this.isModel(model, backend), fault: undefined };
  }
}
