/** Backends that nobody has to ask: they have been seen to have these models. */

import type { BackendSettings } from "../../src/config/config.ts";
import { type Model, modelOf } from "../../src/engines/model.ts";
import type { Backend } from "../../src/fleet/backend.ts";
import { backendAt } from "./fake-engine.ts";

/** `models` by name, or with more that is known of them; undefined: it was never reached. */
export function stocked(
  name: string,
  models: readonly (string | Model)[] | undefined,
  settings: Partial<BackendSettings> = {},
): Backend {
  const backend = backendAt("http://127.0.0.1:1", { engine: "openai", ...settings, name });
  const known = models?.map((model) => (typeof model === "string" ? modelOf(model) : model));
  if (known !== undefined) backend.restock({ models: known, version: undefined }, 0);
  return backend;
}
