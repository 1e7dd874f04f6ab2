/** Follows aliases from one to the next, to see whether a new one may be written. */

import { type Alias, isPattern } from "./alias.ts";
import type { Book } from "./book.ts";
import { type Fault, MAX_HOPS } from "./resolve.ts";
import { ANYTHING, type IsModel, nextOf } from "./step.ts";

/** The aliases that each alias leads to directly. */
type Links = ReadonlyMap<Alias, readonly Alias[]>;

/**
 * What would be wrong with the chains through `alias`, one of the book's. It is stricter than resolution, which takes
 * a name for a model's where a pattern only leads back: what nobody has yet is no reason to write down a circle.
 */
export function chainFaultOf(alias: Alias, book: Book, isModel: IsModel): Fault | undefined {
  const onward = new Map(book.aliases.map((one) => [one, linksOf(one, book, isModel)]));
  if (leadsIntoCycle(alias, onward)) return "cycle";
  const hops = longestWay(alias, onward) + longestWay(alias, reversed(onward));
  return hops > MAX_HOPS ? "too many hops" : undefined;
}

function linksOf(alias: Alias, book: Book, isModel: IsModel): Alias[] {
  const visit = { alias, captured: isPattern(alias) ? ANYTHING : "", name: alias.name };
  return alias.targets.flatMap((target) => {
    const found = nextOf(target, visit, book, isModel)?.alias;
    return found === undefined || found === alias ? [] : [found];
  });
}

function reversed(links: Links): Links {
  const back = new Map<Alias, Alias[]>();
  for (const [from, tos] of links) for (const to of tos) back.set(to, [...(back.get(to) ?? []), from]);
  return back;
}

/** Without recursion: a file that was written by hand may hold chains of any length. */
function leadsIntoCycle(start: Alias, links: Links): boolean {
  const done = new Set<Alias>();
  const trail = new Set<Alias>();
  const stack = [start];
  for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
    if (trail.has(at) || done.has(at)) {
      trail.delete(at);
      done.add(at);
      stack.pop();
      continue;
    }
    trail.add(at);
    const next = links.get(at) ?? [];
    if (next.some((one) => trail.has(one))) return true;
    stack.push(...next.filter((one) => !done.has(one)));
  }
  return false;
}

/** In hops; one more than are allowed is long enough to know. */
function longestWay(start: Alias, links: Links): number {
  let reached = new Set([start]);
  for (let hops = 0; hops <= MAX_HOPS; hops++) {
    reached = new Set([...reached].flatMap((one) => links.get(one) ?? []));
    if (reached.size === 0) return hops;
  }
  return MAX_HOPS + 1;
}
