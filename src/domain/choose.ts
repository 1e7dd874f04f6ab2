/** Orders the candidates of one request, and says why. */

/** What is known of a candidate when it is chosen. */
export interface Standing {
  /** The place of its target in the route: lower first, equal ranks are alike. */
  readonly rank: number;
  /** The name fits only by Ollama's rules, while another backend spells it just as it was asked. */
  readonly loose: boolean;
  /** Its backend's: higher first. */
  readonly priority: number;
  /** Whether its backend has the model in memory. */
  readonly loaded: boolean;
  /** Whether its engine is still loading the one model that it has. */
  readonly starting: boolean;
  /** How busy its backend is, for what it is good for: requests in flight divided by its weight. */
  readonly load: number;
  /** What it is good for, compared with others: its share of what alike ones get. */
  readonly weight: number;
  /** Its backend's place among equals, which grows with every request that it gets: lower first. */
  readonly turn: number;
}

/** What one candidate goes before another for, in words for its owner. */
export type Reason =
  "an earlier target" | "its spelling" | "priority" | "loaded" | "started" | "less busy" | "its turn";

/** Below zero where `a` goes before `b`. */
interface Criterion {
  readonly reason: Reason;
  readonly order: (a: Standing, b: Standing) => number;
}

/** What candidates are ordered by before it matters which conversation a request belongs to. */
const FIRST: readonly Criterion[] = [
  { reason: "an earlier target", order: (a, b) => a.rank - b.rank },
  { reason: "its spelling", order: (a, b) => Number(a.loose) - Number(b.loose) },
  { reason: "priority", order: (a, b) => b.priority - a.priority },
  { reason: "loaded", order: (a, b) => Number(b.loaded) - Number(a.loaded) },
  { reason: "started", order: (a, b) => Number(a.starting) - Number(b.starting) },
];
const LAST: readonly Criterion[] = [
  { reason: "less busy", order: (a, b) => a.load - b.load },
  { reason: "its turn", order: (a, b) => a.turn - b.turn },
];

/** Whether a candidate's backend has served the same conversation before. */
export type IsHome<C> = (candidate: C) => boolean;

export interface Choice<C> {
  readonly candidate: C;
  /** Its backend's place among equals after this. */
  readonly turn: number;
}

/** The best candidate; `isHome` is asked only where two or more are alike but for what they are doing. */
export function best<C extends Standing>(candidates: readonly C[], isHome: IsHome<C>): Choice<C> | undefined {
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined)
    return { candidate: only, turn: only.turn + 1 / only.weight };
  let alike: C[] = [];
  for (const one of candidates) {
    const [leader] = alike;
    const order = leader === undefined ? -1 : compare(FIRST, one, leader);
    if (order < 0) alike = [one];
    else if (order === 0) alike.push(one);
  }
  const homes = alike.length < 2 ? alike : alike.filter(isHome);
  const [first, ...others] = homes.length > 0 ? homes : alike;
  if (first === undefined) return undefined;
  const candidate = others.reduce((a, b) => (compare(LAST, b, a) < 0 ? b : a), first);
  return { candidate, turn: nextTurn(candidate, alike) };
}

/** Whether nothing tells two apart but what they are doing. */
export function areAlike(one: Standing, other: Standing): boolean {
  return compare(FIRST, one, other) === 0;
}

/** Turns grow by less the more a backend weighs. One that had none for long does not get all the next ones. */
function nextTurn({ turn, weight }: Standing, alike: readonly Standing[]): number {
  let last = turn;
  let longest = 0;
  for (const one of alike) {
    last = Math.max(last, one.turn);
    longest = Math.max(longest, 1 / one.weight);
  }
  return Math.max(turn, last - longest) + 1 / weight;
}

/** All candidates, best first, as far as that does not depend on the conversation. */
export function choose<C extends Standing>(candidates: readonly C[]): C[] {
  return candidates.toSorted((a, b) => compare(FIRST, a, b) || compare(LAST, a, b));
}

/** Why one candidate goes before another; undefined where nothing tells them apart. */
export function reasonBefore(one: Standing, other: Standing): Reason | undefined {
  return [...FIRST, ...LAST].find(({ order }) => order(one, other) !== 0)?.reason;
}

function compare(criteria: readonly Criterion[], a: Standing, b: Standing): number {
  for (const { order } of criteria) {
    const difference = order(a, b);
    if (difference !== 0) return difference;
  }
  return 0;
}
