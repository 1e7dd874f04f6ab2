/** Finds the aliases that no one can follow: cycles, and chains of too many hops. */

import { type Alias, isPattern } from "./alias.ts";
import type { Book } from "./book.ts";
import { MAX_HOPS } from "./resolve.ts";

export interface ChainFault {
  /** The alias at whose definition the fault is reported. */
  readonly alias: Alias;
  readonly kind: "cycle" | "too many hops";
  /** The names along the way; a cycle ends with the name it began with. */
  readonly path: readonly string[];
}

/** Stands for whatever a `*` may match while the chains of a pattern are followed. */
const ANYTHING = "\u{fffc}";

/**
 * The faults of a book, each cycle once.
 *
 * What a pattern leads to is followed as if no model bore that name: a cycle that only a present model hides
 * is still one.
 */
export function chainFaults(book: Book): ChainFault[] {
  const faults: ChainFault[] = [];
  const ahead = new Map<Alias, Ahead>();
  const trail: Alias[] = [];

  /** Follows an alias to its ends; those on the trail are being followed already. */
  function explore(alias: Alias): Ahead {
    const known = ahead.get(alias);
    if (known !== undefined) return known;
    trail.push(alias);
    let longest: Ahead = { hops: 0, next: undefined };
    for (const next of nextAliases(alias, book)) {
      const at = trail.indexOf(next);
      if (at !== -1) {
        faults.push({ alias: next, kind: "cycle", path: namesOf([...trail.slice(at), next]) });
        continue;
      }
      const hops = explore(next).hops + 1;
      if (hops > longest.hops) longest = { hops, next };
    }
    trail.pop();
    ahead.set(alias, longest);
    return longest;
  }

  for (const alias of book.aliases) explore(alias);
  for (const alias of book.aliases) {
    // the aliases further up the same chain have the same fault; it is told where it begins
    if (ahead.get(alias)?.hops !== MAX_HOPS + 1) continue;
    const path: Alias[] = [];
    for (let at: Alias | undefined = alias; at !== undefined; at = ahead.get(at)?.next) path.push(at);
    faults.push({ alias, kind: "too many hops", path: namesOf(path) });
  }
  return faults;
}

/** The longest way on from an alias: its number of hops, and the alias it goes to first. */
interface Ahead {
  readonly hops: number;
  readonly next: Alias | undefined;
}

function namesOf(aliases: readonly Alias[]): string[] {
  return aliases.map(({ name }) => name);
}

/** The aliases that the targets of one lead to, itself left out: its own name there means the model. */
function nextAliases(alias: Alias, book: Book): Alias[] {
  const found: Alias[] = [];
  for (const { model } of alias.targets) {
    const name = isPattern(alias) ? model.replaceAll("*", ANYTHING) : model;
    const next = book.exact(name) ?? book.pattern(name)?.alias;
    if (next !== undefined && next !== alias) found.push(next);
  }
  return found;
}
