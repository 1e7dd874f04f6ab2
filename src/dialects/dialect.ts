/** The wire shapes that clients speak, told apart by path. */

export type Dialect = "ollama" | "openai" | "anthropic";

/** The dialect in which a path is answered; undefined for paths that are no engine's. */
export function dialectOf(path: string): Dialect | undefined {
  if (path === "/api" || path.startsWith("/api/")) return "ollama";
  if (path === "/v1/messages" || path.startsWith("/v1/messages/")) return "anthropic";
  return path === "/v1" || path.startsWith("/v1/") ? "openai" : undefined;
}
