/** Rules of models, for fleets that a test makes up. */

import type { ModelRules } from "../../src/fleet/fleet.ts";

export function rulesOf(pins: Readonly<Record<string, readonly string[]>> = {}): ModelRules {
  return {
    pins: new Map(Object.entries(pins)),
    models: new Map(Object.keys(pins).map((model) => [model, undefined])),
    listing: { only: "all", aliases: true },
  };
}
