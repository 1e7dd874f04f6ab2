/** Says of a candidate that cannot serve now what is in its way. */

import type { Surveyed } from "../fleet/survey.ts";

/** `nowMs` is on the clock of the traffic. "" for one that is ready. */
export function verdictText(
  { backend, verdict }: Pick<Surveyed, "backend" | "verdict">,
  nowMs: number,
  path = "the path",
): string {
  switch (verdict.kind) {
    case "ready":
      return "";
    case "full":
      return `full (${backend.duty.inflight} in flight)`;
    case "on trial":
      return "breaker half-open, one request is trying";
    case "resting":
      return `resting for ${span(verdict.untilMs - nowMs)}, it said that it is busy`;
    case "open":
      return `breaker open for ${span(verdict.untilMs - nowMs)}`;
    case "drained":
      return verdict.untilMs === Infinity ? "drained" : `drained for ${span(verdict.untilMs - nowMs)}`;
    case "down":
      return backend.stock.trouble;
    case "lacking":
      return `does not serve ${path}`;
    default:
      return verdict satisfies never;
  }
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** The two largest units of a time: "1 h 59 min", "12 s". */
export function span(ms: number): string {
  let left = Math.max(1000, Math.ceil(ms / 1000) * 1000);
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ");
}
