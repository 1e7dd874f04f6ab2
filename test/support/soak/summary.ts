/** Puts the numbers of a soak into words. */

import { MEMBERS } from "./fleet.ts";
import type { Timeline } from "./timeline.ts";
import type { Judged } from "./verdict.ts";

export interface Numbers {
  readonly outcomes: readonly Judged[];
  readonly timeline: Timeline;
  readonly rssMib: readonly number[];
}

export function summaryOf({ outcomes, timeline, rssMib }: Numbers): string {
  const whole = outcomes.filter(({ kind }) => kind === "whole");
  const ms = whole.map(({ fromMs, toMs }) => toMs - fromMs);
  const queued = whole.filter(({ queuedMs }) => queuedMs > 0);
  const byAll = outcomes.filter(({ ables }) => ables === MEMBERS.length);
  const refusedLate = outcomes.filter(({ kind, couldInTheEnd }) => kind === "refused" && couldInTheEnd);
  return [
    `troubles: ${timeline.counts.map(([trouble, count]) => `${count} ${trouble}`).join(", ")}`,
    ...[...Map.groupBy(outcomes, ({ verdict }) => verdict)].map(
      ([verdict, those]) => `${verdict}: ${those.length} (${kindsOf(those)})`,
    ),
    `owed: ${outcomes.filter(({ isOwed }) => isOwed).length} of ${outcomes.length}; of those that every backend can` +
      ` serve: ${byAll.filter(({ isOwed }) => isOwed).length} of ${byAll.length},` +
      ` ${byAll.filter(({ kind }) => kind === "refused").length} refused`,
    `refused while one was healthy again that had failed them before: ${refusedLate.length}`,
    `whole: ${whole.length}, of which ${whole.filter(({ attempts }) => attempts > 1).length} after more than one` +
      ` attempt, and ${queued.length} after a wait of up to ${highest(queued.map(({ queuedMs }) => queuedMs))} ms`,
    `ms for a whole answer: median ${quantile(ms, 0.5)}, 99% ${quantile(ms, 0.99)}, longest ${highest(ms)}`,
    `MiB of the router: ${rssMib.join(" ")}`,
  ].join("\n");
}

function kindsOf(outcomes: readonly Judged[]): string {
  const kinds = Map.groupBy(
    outcomes,
    ({ kind, status }) => `${kind}${kind === "refused" ? ` ${status}` : ""}`,
  );
  return [...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(", ");
}

function quantile(numbers: readonly number[], part: number): number {
  return Math.round(numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)] ?? 0);
}

function highest(numbers: readonly number[]): number {
  return Math.round(Math.max(0, ...numbers));
}
