/** Orders the candidates of one request. */

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
  /** Requests its backend is serving. */
  readonly inflight: number;
  /** A number that grows with each request, as of the last one that its backend got. */
  readonly lastTurn: number;
}

/**
 * The candidates, best first: rank, exact spelling, priority, loaded, fewest in flight. Of those still equal the one
 * whose last turn is the longest ago.
 */
export function choose<C extends Standing>(candidates: readonly C[]): C[] {
  return candidates.toSorted(
    (a, b) =>
      a.rank - b.rank ||
      Number(a.loose) - Number(b.loose) ||
      b.priority - a.priority ||
      Number(b.loaded) - Number(a.loaded) ||
      a.inflight - b.inflight ||
      a.lastTurn - b.lastTurn,
  );
}
