/** What an alias is: a name that stands for one or more targets. */

import { type Glob, globOf } from "./glob.ts";
import type { Parameters } from "./parameters.ts";

/** Of alike backends, one of weight 2 gets twice as many requests as one of weight 1. */
export function isWeight(number: number): boolean {
  return number >= 0.001 && number <= 1000;
}

/** What is said of a number that is none. */
export const WEIGHTS = "a number from 0.001 to 1000";

/** A model name, on one named backend or on whichever has it. A `*` takes what the alias's first `*` matched. */
export interface Target {
  readonly model: string;
  readonly backend?: string | undefined;
  /** Takes the place of the backend's own weight. */
  readonly weight?: number | undefined;
}

/**
 * How several targets are tried: `pool` treats every backend that has any of them alike,
 * `order` exhausts the first target before it looks at the second.
 */
export type Strategy = "pool" | "order";

/** Where an alias comes from: the configuration file, or the alias store, which can be changed while the router runs. */
export type Source = "config" | "stored";

export interface Alias {
  /** As people read it: a pattern has its `*`. */
  readonly name: string;
  readonly source: Source;
  /** The names it stands for, where it stands for every name of a form rather than for one name. */
  readonly pattern: Glob | undefined;
  readonly targets: readonly Target[];
  readonly strategy: Strategy;
  /** Whether model lists show it. */
  readonly listed: boolean;
  /** Whether answers carry the asked name instead of the engine's own. */
  readonly echo: boolean;
  /** What is asked of the models that are reached by it. */
  readonly parameters?: Parameters | undefined;
}

/** An alias of the configuration file, where a `*` in the name makes a pattern. */
export function configAlias(
  name: string,
  { targets, strategy, listed, echo, parameters }: Omit<Alias, "name" | "source" | "pattern">,
): Alias {
  const pattern = name.includes("*") ? globOf(name) : undefined;
  return { name, source: "config", pattern, targets, strategy, listed, echo, parameters };
}

/** Whether the alias stands for every name of a form rather than for one name. */
export function isPattern(alias: Alias): boolean {
  return alias.pattern !== undefined;
}
