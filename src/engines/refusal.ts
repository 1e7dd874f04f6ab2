/** Reads out of an engine's refusal what it is waiting for. */

/**
 * `loading`: its model will be there in a while (llama-server says so to every call while it starts).
 * `busy`: it has as many requests as it takes (429 of most; Ollama has its own words and 503).
 * `looping`: it is a router that leads back here.
 */
export type Refusal = "loading" | "busy" | "looping" | "failing";

/** The statuses with which an engine, or a router before it, says that it cannot just now, while another may. */
export function isRefusal(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504 || status === 508;
}

/** What a refusal means. `text` is its body, or the beginning of it. */
export function meaningOf(status: number, text: string): Refusal {
  if (status === 429) return "busy";
  if (status === 508) return "looping";
  if (status !== 503) return "failing";
  if (text.includes("Loading model")) return "loading";
  return text.includes("server busy") ? "busy" : "failing";
}
