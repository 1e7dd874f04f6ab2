/** Finds the aliases that no one can follow: cycles, and chains of too many hops. */

import { type Alias, isPattern } from "./alias.ts";
import type { Book } from "./book.ts";
import { MAX_HOPS } from "./resolve.ts";
import { ANYTHING, step, type Visit, visitIdentity } from "./step.ts";

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
const MAX_PATTERN_VISITS = 10_000;

/** The longest way on from an alias: its number of hops, and where it goes first. */
interface Ahead {
  readonly hops: number;
  readonly next: Visit | undefined;
}

/**
 * The faults of a book, each cycle once.
 *
 * A pattern on the way makes a cycle only where it matches whatever is asked: a name that is written out may be a
 * model's, and means that model where the pattern leads back.
 */
export function chainFaults(book: Book): ChainFault[] {
  const search = new Search(book);
  const starts = book.aliases.map((alias) => ({
    alias,
    captured: isPattern(alias) ? ANYTHING : "",
    name: alias.name,
  }));
  for (const start of starts) search.explore(start);
  return [...search.cycles.values(), ...starts.flatMap((start) => search.longChain(start))];
}

class Search {
  readonly cycles = new Map<string, ChainFault>();
  private readonly ahead = new Map<string, Ahead>();
  /** The aliases that are being followed. */
  private readonly trail: Visit[] = [];
  private readonly book: Book;

  constructor(book: Book) {
    this.book = book;
  }

  /** Follows an alias to its ends. */
  explore(visit: Visit): Ahead {
    const known = this.ahead.get(visitIdentity(visit));
    if (known !== undefined) return known;
    let longest: Ahead = { hops: 0, next: undefined };
    const isEnough = this.ahead.size > this.book.aliases.length + MAX_PATTERN_VISITS;
    if ((isEnough && isPattern(visit.alias)) || this.trail.length >= MAX_TRAIL) return longest;
    for (const target of visit.alias.targets) {
      const next = step(target, visit, this.trail, this.book, () => false);
      if (next.kind === "cycle") this.note(visit, next.visit);
      if (next.kind !== "alias") continue;
      this.trail.push(visit);
      const hops = this.explore(next.visit).hops + 1;
      this.trail.pop();
      if (hops > longest.hops) longest = { hops, next: next.visit };
    }
    this.ahead.set(visitIdentity(visit), longest);
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
