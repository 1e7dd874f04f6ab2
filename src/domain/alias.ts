/** What an alias is: a name that stands for one or more targets. */

/** A model name, on one named backend or on whichever has it. A `*` takes what the alias's first `*` matched. */
export interface Target {
  readonly model: string;
  readonly backend?: string | undefined;
}

/**
 * How several targets are tried: `pool` treats every backend that has any of them alike,
 * `order` exhausts the first target before it looks at the second.
 */
export type Strategy = "pool" | "order";

export interface Alias {
  /** As its owner wrote it; a `*` makes it a pattern. */
  readonly name: string;
  readonly targets: readonly Target[];
  readonly strategy: Strategy;
  /** Whether model lists show it. */
  readonly listed: boolean;
  /** Whether answers carry the asked name instead of the engine's own. */
  readonly echo: boolean;
}

/** Whether the alias stands for every name of a form rather than for one name. */
export function isPattern(alias: Alias): boolean {
  return alias.name.includes("*");
}
