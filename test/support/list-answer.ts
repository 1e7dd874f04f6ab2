/** What engines on raw sockets answer to calls about themselves. */

import type { Talk } from "./backend.ts";

/** Whose lists an engine has. One that has both stands for engines of either kind. */
export type Kind = "openai" | "ollama" | "both" | "none";

const OPENAI_LISTS = ["/v1/models"];
const OLLAMA_LISTS = ["/api/tags", "/api/ps", "/api/version"];
const LISTS: Readonly<Record<Kind, readonly string[]>> = {
  openai: OPENAI_LISTS,
  ollama: OLLAMA_LISTS,
  both: [...OPENAI_LISTS, ...OLLAMA_LISTS],
  none: [],
};

/** The answer to a call about the engine itself; undefined for all others. `loaded` are the models in its memory. */
export function listAnswer(
  talk: Pick<Talk, "method" | "path">,
  models: readonly string[] | undefined,
  loaded: readonly string[],
  kind: Kind,
): string | "silence" | undefined {
  if (talk.method !== "GET" || !LISTS[kind].includes(talk.path)) return undefined;
  if (models === undefined) return "silence";
  if (talk.path === "/v1/models")
    return JSON.stringify({ object: "list", data: models.map((id) => ({ id, object: "model" })) });
  if (talk.path === "/api/version") return JSON.stringify({ version: "0.33.0" });
  return JSON.stringify({ models: (talk.path === "/api/ps" ? loaded : models).map(row) });
}

function row(name: string): object {
  return { name, model: name, digest: Bun.SHA256.hash(name, "hex") };
}
