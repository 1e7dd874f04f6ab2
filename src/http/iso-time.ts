/** Tells times of the traffic's clock, which begins anywhere, as the calendar has them. */

/** ISO 8601; null for never, and for one that is none. `nowMs` is on the same clock. */
export function isoTime(atMs: number | undefined, nowMs: number): string | null {
  if (atMs === undefined || !Number.isFinite(atMs)) return null;
  return new Date(Date.now() + atMs - nowMs).toISOString();
}
