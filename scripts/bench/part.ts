/** One part of the benchmark: what is measured, of whom, and in which unit. */

import type { Running, System } from "./system.ts";
import type { Wrk } from "./wrk.ts";

/** A figure's name, and what it came to in one round. */
export type Measured = Readonly<Record<string, number>>;

export interface Unit {
  readonly unit: string;
  readonly better: "more" | "less";
}

/** A system that runs. */
export type Subject = System & { readonly running: Running };

export interface Tools {
  readonly wrk: Wrk;
  /** How long one load lasts. */
  readonly seconds: number;
}

export interface Part {
  readonly name: string;
  readonly about: string;
  /** By the names of figures, in the order in which they are shown. */
  readonly figures: Readonly<Record<string, Unit>>;
  /** Whether each round begins with a process that has done nothing yet. */
  readonly isFresh?: boolean;
  /** How often more than once the rounds are made. */
  readonly times?: number;
  /** Makes sure that a system does what it is to be measured at. Throws where it does not. */
  readonly validate: (subject: Subject) => Promise<void>;
  /** Figures that cannot be had of a system are left out. */
  readonly measure: (subject: Subject, tools: Tools) => Promise<Measured>;
}
