/** What becomes of a model that is to be in the memory of a backend. */

/**
 * `waiting`: its turn to be loaded has not come. `missing`: the backend has no such model. `unloaded`: a client wanted it
 * out. `displaced`: others took its room; it is not loaded again as long as they are there, for that would go back and
 * forth for ever.
 */
export const CONDITIONS = [
  "waiting",
  "loading",
  "loaded",
  "failed",
  "missing",
  "unloaded",
  "displaced",
] as const;

export type Condition = (typeof CONDITIONS)[number];

/** What a look at the backend has found. */
export interface Sight {
  readonly isThere: boolean;
  readonly isLoaded: boolean;
  /** Whether others that came into memory when it left are still there. */
  readonly isTaken: boolean;
  /** Whether it has come back since the last look, or was never looked at before. */
  readonly isBack: boolean;
  /** Whether it is time to try again what has failed. */
  readonly isRetry: boolean;
}

/** The condition after a look. What is loading just then has its own end. */
export function afterLook(condition: Condition, sight: Sight): Condition {
  if (!sight.isThere) return "missing";
  if (condition === "loading") return condition;
  if (sight.isBack || condition === "missing") return "waiting";
  // a look that began before a client wanted it out may still show it
  if (condition === "waiting" || condition === "unloaded") return condition;
  if (sight.isLoaded) return "loaded";
  switch (condition) {
    case "loaded":
    case "displaced":
      // where nobody came, the engine was started anew, or has let go of it by itself
      return sight.isTaken ? "displaced" : "waiting";
    case "failed":
      return sight.isRetry ? "waiting" : "failed";
    default:
      return condition satisfies never;
  }
}

/** The condition after a client has asked for it: what it wanted out it wants in again. */
export function afterAsked(condition: Condition): Condition {
  return condition === "unloaded" ? "displaced" : condition;
}
