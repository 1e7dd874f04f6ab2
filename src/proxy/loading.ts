/** Waits while an engine loads its model: it says so with a 503 to everything, and will be there in a while. */

import { meaningOf } from "../engines/refusal.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { type Answer, beginningOf, discard } from "./answer.ts";
import type { Outcome } from "./attempt.ts";
import type { Call } from "./call.ts";
import type { Line, Placed } from "./line.ts";

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5000;
const GROWTH = 1.5;

export interface Waited {
  readonly outcome: Outcome;
  /** Another candidate that has the model already; the one that loads is given up for it. */
  readonly instead: Placed | undefined;
}

/** Tries again, with growing pauses, until the model is there, another has it, or the time for a first byte is over. */
export async function whileLoading(
  first: Outcome,
  again: () => Promise<Outcome>,
  { candidate, slot }: Placed,
  { line, call, fleet }: { readonly line: Line; readonly call: Call; readonly fleet: Fleet },
): Promise<Waited> {
  const { looks, traffic } = fleet;
  const { clock } = traffic;
  // others are to know, and look elsewhere first
  slot.connected();
  void looks.refresh(candidate.backend);
  const untilMs = clock.now() + candidate.backend.settings.timeouts.firstByteMs;
  let outcome = first;
  for (let pauseMs = FIRST_PAUSE_MS; call.replayable && isLoading(outcome); pauseMs *= GROWTH) {
    const instead = line.nextLoaded(candidate);
    if (instead !== undefined) return { outcome, instead };
    const pause = Math.min(pauseMs, MAX_PAUSE_MS);
    if (clock.now() + pause > untilMs) break;
    await discard(outcome.answer);
    await sleep(pause, call.signal);
    outcome = call.signal.aborted ? { kind: "gone" } : await again();
  }
  return { outcome, instead: undefined };
}

/** Whether an engine says that it will be there in a while. */
export function isLoading(
  outcome: Outcome,
): outcome is { readonly kind: "answered"; readonly answer: Answer } {
  if (outcome.kind !== "answered" || outcome.answer.status !== 503) return false;
  return meaningOf(503, beginningOf(outcome.answer)) === "loading";
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  if (signal.aborted) return;
  const timer = setTimeout(wake, ms);
  signal.addEventListener("abort", wake, { once: true });
  await promise;
  signal.removeEventListener("abort", wake);
  clearTimeout(timer);
}
