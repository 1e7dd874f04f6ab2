/** What a simulated request sees of the places that it wants, as a real one would. */

import type { Availability } from "../../../src/traffic/duty.ts";
import type { Traffic } from "../../../src/traffic/traffic.ts";
import type { Chance, Request } from "./world.ts";

export interface Prospect {
  /** Where it could go now. */
  readonly free: readonly Chance[];
  /** When that may be another though nothing happens. */
  readonly wakesAtMs: number;
  /** Whether it is a matter of waiting. */
  readonly passes: boolean;
}

const PASSING: readonly Availability["kind"][] = ["full", "on trial", "resting"];

export function prospectOf({ wish }: Request, traffic: Traffic): Prospect {
  const nowMs = traffic.clock.now();
  const free: Chance[] = [];
  let wakesAtMs = Infinity;
  let passes = false;
  for (const { place, rank, weight = place.party.weight } of wish.targets) {
    const availability = traffic.availability(place.party, nowMs);
    // of one that is down nothing else is told, unless its owner drained it
    if (!place.up && availability.kind !== "drained") continue;
    if ("untilMs" in availability) wakesAtMs = Math.min(wakesAtMs, availability.untilMs);
    passes ||= PASSING.includes(availability.kind);
    if (availability.kind !== "ready") continue;
    const { duty } = place.party;
    free.push({
      place,
      weight,
      rank,
      loose: false,
      priority: place.priority,
      loaded: place.loaded,
      starting: false,
      load: duty.load(weight, nowMs),
      turn: duty.turn,
    });
  }
  return { free, wakesAtMs, passes };
}
