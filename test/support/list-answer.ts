/** What engines on raw sockets answer to calls about themselves. */

import type { Talk } from "./backend.ts";

/** The answer to a call about the engine itself; undefined for all others. */
export function listAnswer(
  talk: Pick<Talk, "method" | "path">,
  models: readonly string[] | undefined,
  kind: "openai" | "ollama",
): string | "silence" | undefined {
  const lists = kind === "openai" ? ["/v1/models"] : ["/api/tags", "/api/ps", "/api/version"];
  if (talk.method !== "GET" || !lists.includes(talk.path)) return undefined;
  if (models === undefined) return "silence";
  if (talk.path === "/v1/models")
    return JSON.stringify({ object: "list", data: models.map((id) => ({ id, object: "model" })) });
  if (talk.path === "/api/version") return JSON.stringify({ version: "0.33.0" });
  if (talk.path === "/api/ps") return JSON.stringify({ models: [] });
  return JSON.stringify({ models: models.map((name) => ({ name, model: name, digest: "0".repeat(64) })) });
}
