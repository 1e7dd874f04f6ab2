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
}

/**
 * The candidates, best first: rank, exact spelling, priority, loaded, fewest in flight. Those still equal take
 * turns: `turn` is a number that grows by one with each request.
 */
export function choose<C extends Standing>(candidates: readonly C[], turn: number): C[] {
  const rotated = rotate(candidates, turn);
  return rotated.sort(
    (a, b) =>
      a.rank - b.rank ||
      Number(a.loose) - Number(b.loose) ||
      b.priority - a.priority ||
      Number(b.loaded) - Number(a.loaded) ||
      a.inflight - b.inflight,
  );
}

/** A copy that starts at another element; sorting is stable, so equals keep this order. */
function rotate<C>(items: readonly C[], turn: number): C[] {
  const start = items.length === 0 ? 0 : turn % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
