/** What mellamo has to reach, as ratios of figures that were measured side by side. */

import type { Results } from "./run.ts";

export interface Verdict {
  readonly part: string;
  readonly budget: string;
  readonly value: number;
  readonly limit: number;
  readonly holds: boolean;
}

interface Budget {
  readonly part: string;
  readonly says: string;
  readonly limit: number;
  readonly is: "at least" | "at most";
  /** Undefined where something of it was not measured. */
  readonly value: (median: (figure: string, system: string) => number) => number;
}

const ON = "mellamo";
const OFF = "mellamo, alias and echo off";
const BARE = "bare Bun";

const BUDGETS: readonly Budget[] = [
  {
    part: "requests",
    says: "rate at 32 connections, of nginx's",
    is: "at least",
    limit: 0.6,
    value: (median) => median("rate, 32 connections", ON) / median("rate, 32 connections", "nginx"),
  },
  {
    part: "requests",
    says: "rate at 32 connections with alias and echo off, of the bare passthrough's",
    is: "at least",
    limit: 0.9,
    value: (median) => median("rate, 32 connections", OFF) / median("rate, 32 connections", BARE),
  },
  {
    part: "requests",
    says: "p50 that is added at one connection, of what the bare passthrough adds",
    is: "at most",
    limit: 1.5,
    value: (median) => {
      const direct = median("p50, 1 connection", "direct");
      return (median("p50, 1 connection", ON) - direct) / (median("p50, 1 connection", BARE) - direct);
    },
  },
  {
    part: "requests",
    says: "p99 at one connection, of the bare passthrough's",
    is: "at most",
    limit: 2,
    value: (median) => median("p99, 1 connection", ON) / median("p99, 1 connection", BARE),
  },
  {
    part: "streams",
    says: "processor time of an event, of nginx's",
    is: "at most",
    limit: 1.5,
    value: (median) => median("cost of an event", ON) / median("cost of an event", "nginx"),
  },
  {
    part: "streams",
    says: "delay of an event beyond nginx's, p50, in µs",
    is: "at most",
    limit: 200,
    value: (median) => median("delay, p50", ON) - median("delay, p50", "nginx"),
  },
  {
    part: "memory",
    says: "memory with 1000 open streams, in MiB",
    is: "at most",
    limit: 150,
    value: (median) => median("1000 streams", ON),
  },
  {
    part: "uploads",
    says: "memory at its highest with ten bodies of 50 MiB, in MiB",
    is: "at most",
    limit: 600,
    value: (median) => median("peak", ON),
  },
  {
    part: "uploads",
    says: "seconds until it is given back",
    is: "at most",
    limit: 30,
    value: (median) => median("given back after", ON),
  },
  {
    part: "start",
    says: "milliseconds from start to first answer",
    is: "at most",
    limit: 50,
    value: (median) => median("first answer", ON),
  },
];

/** What became of the budgets of a part. */
export function verdictsOf(part: string, results: Results): Verdict[] {
  const median = (figure: string, system: string): number => results[figure]?.[system]?.median ?? Number.NaN;
  return BUDGETS.filter((budget) => budget.part === part).map(({ says, is, limit, value }) => {
    const reached = value(median);
    const holds = is === "at least" ? reached >= limit : reached <= limit;
    return { part, budget: `${says}: ${is} ${limit}`, value: reached, limit, holds };
  });
}
