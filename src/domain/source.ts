/** Ollama's suffixes that say where a model runs (its `internal/modelref`): `:local`, `:cloud`, `-cloud` behind a tag. */

import { fold } from "./name.ts";

/** The name without `:local`; undefined where it has no such suffix. */
export function withoutLocal(name: string): string | undefined {
  const bare = name.trim();
  return fold(bare).endsWith(":local") ? bare.slice(0, -":local".length) : undefined;
}

/** Whether an Ollama passes this name on to its cloud, without having such a model itself. */
export function isCloudName(name: string): boolean {
  return /:([^/:]*-)?cloud$/.test(fold(name.trim()));
}
