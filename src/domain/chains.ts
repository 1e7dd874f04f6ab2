/** Finds the aliases that no one can follow: cycles, and chains of too many hops. */

import { type Alias, isPattern } from "./alias.ts";
import type { Book } from "./book.ts";
import { type Fault, MAX_HOPS } from "./resolve.ts";
import { ANYTHING, type IsModel, nextOf, step, type Visit, visitIdentity } from "./step.ts";

export interface ChainFault {
  /** The alias at whose definition the fault is reported. */
  readonly alias: Alias;
  readonly kind: "cycle" | "too many hops";
  /** The names along the way; a cycle ends with the name it began with. */
  readonly path: readonly string[];
}

/** Nobody writes longer chains; this keeps a made-up one from exhausting the stack. */
const MAX_TRAIL = 5000;

/** Patterns that lead to patterns could be followed on and on, each time with other texts; for cycles this is enough. */
const MAX_PATTERN_VISITS = 2000;

/**
 * The faults of a book, each cycle once, whatever models there are.
 *
 * A pattern on the way makes a cycle only where it matches whatever is asked: a name that is written out may be a
 * model's, and means that model where the pattern leads back.
 */
export function chainFaults(book: Book): ChainFault[] {
  const search = new Search(book, () => false);
  const starts = book.aliases.map(startOf);
  for (const start of starts) search.explore(start);
  return [...search.cycles.values(), ...starts.flatMap((start) => search.longChain(start))];
}

/**
 * What would be wrong with the chains through `alias`, one of the book's, if it were written now. Where a pattern leads
 * back to it, that is a cycle, too: what nobody has yet is no reason to write down a circle.
 */
export function chainFaultOf(alias: Alias, book: Book, isModel: IsModel): Fault | undefined {
  if (leadsToItself(alias, book, isModel)) return "cycle";
  const search = new Search(book, isModel, alias);
  const { hops } = search.explore(startOf(alias));
  if (search.cycles.size > 0) return "cycle";
  const before = book.aliases.reduce((most, one) => Math.max(most, search.explore(startOf(one)).toward), 0);
  return hops + before > MAX_HOPS ? "too many hops" : undefined;
}

function startOf(alias: Alias): Visit {
  return { alias, captured: isPattern(alias) ? ANYTHING : "", name: alias.name };
}

function leadsToItself(alias: Alias, book: Book, isModel: IsModel): boolean {
  const visits = new Map([["", startOf(alias)]]);
  for (const visit of visits.values()) {
    for (const target of visit.alias.targets) {
      const next = nextOf(target, visit, book, isModel);
      if (next?.alias === alias) return true;
      if (next !== undefined && visits.size <= book.aliases.length + MAX_PATTERN_VISITS)
        visits.set(visitIdentity(next), next);
    }
  }
  return false;
}

/** The longest ways on from an alias, in hops. */
interface Ahead {
  readonly hops: number;
  /** Where the longest goes first. */
  readonly next: Visit | undefined;
  /** As far as the alias in question; -Infinity where none leads there. */
  readonly toward: number;
}

class Search {
  readonly cycles = new Map<string, ChainFault>();
  private readonly ahead = new Map<string, Ahead>();
  /** The aliases that are being followed. */
  private readonly trail: Visit[] = [];
  private readonly book: Book;
  private readonly isModel: IsModel;
  private readonly goal: Alias | undefined;

  constructor(book: Book, isModel: IsModel, goal?: Alias) {
    this.book = book;
    this.isModel = isModel;
    this.goal = goal;
  }

  /** Follows an alias to its ends. */
  explore(visit: Visit): Ahead {
    const identity = visitIdentity(visit);
    const known = this.ahead.get(identity);
    if (known !== undefined) return known;
    let longest: Ahead = { hops: 0, next: undefined, toward: visit.alias === this.goal ? 0 : -Infinity };
    const isEnough = this.ahead.size > this.book.aliases.length + MAX_PATTERN_VISITS;
    if ((isEnough && isPattern(visit.alias)) || this.trail.length >= MAX_TRAIL) return longest;
    for (const target of visit.alias.targets) {
      const next = step(target, visit, this.trail, this.book, this.isModel);
      if (next.kind === "cycle") this.note(visit, next.visit);
      if (next.kind !== "alias") continue;
      this.trail.push(visit);
      const { hops, toward } = this.explore(next.visit);
      this.trail.pop();
      if (hops + 1 > longest.hops) longest = { ...longest, hops: hops + 1, next: next.visit };
      if (toward + 1 > longest.toward) longest = { ...longest, toward: toward + 1 };
    }
    this.ahead.set(identity, longest);
    return longest;
  }

  /** The fault of a chain that is one hop too long; longer ones have it where they come down to that length. */
  longChain(start: Visit): ChainFault[] {
    if (this.ahead.get(visitIdentity(start))?.hops !== MAX_HOPS + 1) return [];
    const path: string[] = [];
    for (let at: Visit | undefined = start; at !== undefined; at = this.ahead.get(visitIdentity(at))?.next) {
      path.push(at.alias.name);
    }
    return [{ alias: start.alias, kind: "too many hops", path }];
  }

  /** Takes down a cycle that goes from the trail's end by way of `last` back to an alias on the trail. */
  private note(last: Visit, back: Visit): void {
    const start = this.trail.findIndex(({ alias }) => alias === back.alias);
    const circle = [...this.trail.slice(start + 1), last, back];
    if (circle.some(({ alias, name }) => isPattern(alias) && !name.includes(ANYTHING))) return;
    const names = circle.map(({ alias }) => alias.name);
    const key = names.toSorted().join("\n");
    if (!this.cycles.has(key))
      this.cycles.set(key, { alias: back.alias, kind: "cycle", path: [back.alias.name, ...names] });
  }
}
