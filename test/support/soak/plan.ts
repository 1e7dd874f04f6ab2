/**
 * Plans what is done to the backends of a soak, and when. At any time one of them is kept: left alone for so long before
 * that the router can know that it is well. The next one is kept some time before the last one is let go, so that
 * requests which are under way then have had one for all of their life.
 */

import type { Random } from "../random.ts";
import type { Mood } from "./mood.ts";
import { SETTLE_MS, TIMES, type Trouble, TROUBLES } from "./timeline.ts";

export interface Act {
  readonly trouble: Trouble;
  /** From the beginning of the soak. */
  readonly atMs: number;
  readonly forMs: number;
  /** Of one that is slow or refuses. */
  readonly mood: Mood;
}

interface Kept {
  readonly backend: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long a backend is kept by itself, at least and at most. */
const KEPT_MS = [10_000, 16_000] as const;

/** How long two of them are kept when one follows the other. */
const OVERLAP_MS = 3000;

const GAP_MS = [100, 1000] as const;
const TROUBLE_MS = [200, 3500] as const;

/** Before it has to be well, so that one that comes up slowly is. */
const MARGIN_MS = 1000;

/** The acts on each of so many backends. */
export function planOf(backends: number, lengthMs: number, random: Random): Act[][] {
  const kept = keptOf(backends, lengthMs, random);
  return Array.from({ length: backends }, (_, backend) => {
    const mine = kept.filter((one) => one.backend === backend);
    const acts: Act[] = [];
    for (let atMs = between(GAP_MS, random); ; atMs += between(GAP_MS, random)) {
      const forMs = between(TROUBLE_MS, random);
      const act = actOf(atMs, forMs, random);
      const toMs = atMs + forMs + MARGIN_MS;
      if (toMs > lengthMs) return acts;
      const busy = mine.find((one) => one.fromMs < toMs && one.toMs > atMs);
      if (busy === undefined) acts.push(act);
      atMs = busy?.toMs ?? atMs + forMs;
    }
  });
}

function keptOf(backends: number, lengthMs: number, random: Random): Kept[] {
  const kept: Kept[] = [
    { backend: random.below(backends), fromMs: -Infinity, toMs: between(KEPT_MS, random) },
  ];
  for (let last = kept[0]; last !== undefined && last.toMs < lengthMs;) {
    const backend = (last.backend + 1 + random.below(backends - 1)) % backends;
    const fromMs = last.toMs - OVERLAP_MS - SETTLE_MS;
    last = { backend, fromMs, toMs: last.toMs + between(KEPT_MS, random) };
    kept.push(last);
  }
  return kept;
}

/** One that is slow may say nothing for longer than the router waits, or be slow all along. */
function actOf(atMs: number, forMs: number, random: Random): Act {
  const trouble = random.pick(TROUBLES);
  const mood = {
    firstMs: trouble === "slow" ? random.below(TIMES.firstByteMs * 1.5) : 0,
    paceMs: trouble === "slow" ? random.below(300) : 0,
    refusal: trouble === "refusing" ? random.pick([429, 502, 503]) : null,
  };
  return { trouble, atMs, forMs, mood };
}

function between([least, most]: readonly [number, number], random: Random): number {
  return least + random.below(most - least);
}
