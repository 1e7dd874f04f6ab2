/** Loads a system with small questions for a while, and tells what came of it. */

import type { Subject, Tools, Unit } from "./part.ts";
import { processorMs } from "./proc.ts";
import { bodyOf } from "./question.ts";

export const RATE: Unit = { unit: "requests/s", better: "more" };
export const COST: Unit = { unit: "µs of processor time a request", better: "less" };

export interface Load {
  /** Requests a second. */
  readonly rate: number;
  /** Microseconds of processor time a request; undefined where the system's processes are not ours to look at. */
  readonly cost: number | undefined;
  readonly p50Us: number;
  readonly p99Us: number;
}

export async function load(
  connections: number,
  { running: { url, pids }, model }: Subject,
  { wrk, seconds }: Tools,
): Promise<Load> {
  const before = await processorMs(pids);
  const told = await wrk.run({ url, connections, seconds, body: bodyOf(model, {}) });
  const spentUs = ((await processorMs(pids)) - before) * 1000;
  return {
    rate: told.requests / told.seconds,
    cost: pids.length === 0 ? undefined : spentUs / told.requests,
    p50Us: told.p50Us,
    p99Us: told.p99Us,
  };
}
