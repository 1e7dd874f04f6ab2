/** Candidates that a test makes up. */

import type { Standing } from "../../src/domain/choose.ts";
import type { Random } from "./random.ts";

export interface Named extends Standing {
  readonly name: string;
}

export function candidate(name: string, standing: Partial<Standing> = {}): Named {
  return {
    name,
    rank: 0,
    loose: false,
    priority: 100,
    loaded: false,
    starting: false,
    load: 0,
    weight: 1,
    turn: 0,
    ...standing,
  };
}

export function randomStanding(random: Random): Standing {
  return {
    rank: random.below(2),
    loose: random.chance(0.5),
    priority: 100 + random.below(3),
    loaded: random.chance(0.5),
    starting: random.chance(0.2),
    load: random.below(3),
    weight: 1 + random.below(3),
    turn: random.below(3),
  };
}

/** A text that sorts like the candidate does. */
export function placeOf(one: Standing): string {
  return [rankOf(one), one.load, one.turn].join();
}

/** The part of it that goes before the conversation. */
export function rankOf({ rank, loose, priority, loaded, starting }: Standing): string {
  return [rank, loose ? 1 : 0, 999 - priority, loaded ? 0 : 1, starting ? 1 : 0].join();
}
