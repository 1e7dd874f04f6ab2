/** The backends of a simulated fleet, and what is asked of them: made up at random. */

import type { Standing } from "../../../src/domain/choose.ts";
import { Duty, type Limits } from "../../../src/traffic/duty.ts";
import type { Party } from "../../../src/traffic/party.ts";
import type { QueueLimits } from "../../../src/traffic/queue.ts";
import type { Slot } from "../../../src/traffic/slot.ts";
import type { Random } from "../random.ts";

/** A backend, and what is true of it as far as the simulation itself has seen to it. */
export interface Place {
  party: Party;
  readonly priority: number;
  /** Its own bit among those of all places. */
  readonly bit: number;
  readonly loaded: boolean;
  up: boolean;
  /** Requests that were given a place here, and have not ended. */
  running: number;
  /** How many may still run there that were let in before its owner allowed less. */
  excess: number;
  /** The one of them that is to find out whether it still fails. */
  trial: Request | undefined;
  /** Whether its breaker was open or half-open after the last event, and whether that one has found out since that it works. */
  isShut: boolean;
  isProven: boolean;
  /** `-Infinity` while it is not drained. */
  drainedUntilMs: number;
  restsUntilMs: number;
}

/** A name: the places that could serve it. */
export interface Wish {
  readonly line: string;
  readonly targets: readonly {
    readonly place: Place;
    readonly rank: number;
    /** Takes the place of the backend's own. */
    readonly weight: number | undefined;
  }[];
  /** The bits of its places. */
  readonly bits: number;
}

export interface Request {
  readonly wish: Wish;
  readonly conversation: bigint;
  state: "asking" | "waiting" | "running" | "over";
  sinceMs: number;
  /** While it waits. */
  leave: () => void;
  /** Once it has run, too. */
  taken: Taken | undefined;
}

export interface Taken {
  readonly place: Place;
  readonly slot: Slot;
}

/** What a place looks like to a request that could go there. */
export interface Chance extends Standing {
  readonly place: Place;
  readonly weight: number;
}

export interface World {
  readonly places: readonly Place[];
  readonly wishes: readonly Wish[];
  readonly queue: QueueLimits;
  readonly maxInflight: number;
}

export function randomWorld(random: Random): World {
  const places = random.list(1 + random.below(5), (index) => randomPlace(random, index));
  return {
    places,
    wishes: random.list(1 + random.below(4), (index) => randomWish(random, places, index)),
    queue: { size: random.below(9), timeoutMs: random.pick([20, 200, 2000, 20_000]) },
    maxInflight: random.chance(0.2) ? 1 + random.below(6) : Infinity,
  };
}

export function randomLimits(random: Random): Limits {
  const pauseMs = random.pick([10, 100, 1000]);
  return {
    maxInflight: random.chance(0.8) ? 1 + random.below(3) : undefined,
    failures: 1 + random.below(3),
    pauseMs,
    maxPauseMs: pauseMs * random.pick([1, 4, 60]),
  };
}

export function randomWeight(random: Random): number {
  return random.pick([0.001, 0.5, 1, 1, 1, 3, 1000]);
}

function randomPlace(random: Random, index: number): Place {
  return {
    party: {
      name: `backend-${index}`,
      duty: new Duty(),
      limits: randomLimits(random),
      weight: randomWeight(random),
    },
    priority: 100 + random.below(2),
    bit: 1 << index,
    loaded: random.chance(0.5),
    up: random.chance(0.9),
    running: 0,
    excess: 0,
    trial: undefined,
    isShut: false,
    isProven: false,
    drainedUntilMs: -Infinity,
    restsUntilMs: -Infinity,
  };
}

function randomWish(random: Random, places: readonly Place[], index: number): Wish {
  const wanted = random.shuffled(places).slice(0, 1 + random.below(places.length));
  const isOrdered = random.chance(0.3);
  return {
    line: `model-${index}`,
    targets: wanted.map((place, rank) => ({
      place,
      rank: isOrdered ? rank : 0,
      weight: random.chance(0.2) ? randomWeight(random) : undefined,
    })),
    bits: wanted.reduce((bits, { bit }) => bits | bit, 0),
  };
}
