/** What an engine of a soak is, and how it does its work. */

export interface Setup {
  readonly kind: "ollama" | "vllm";
  readonly port: number;
  readonly models: readonly string[];
}

export interface Mood {
  /** Before the first word of an answer. */
  readonly firstMs: number;
  /** Before each further one. */
  readonly paceMs: number;
  /** Chats are answered with this status; null: with an answer. */
  readonly refusal: number | null;
}

export const CHEERFUL: Mood = { firstMs: 40, paceMs: 20, refusal: null };

/** What an engine tells its parent: it listens, another program has its port, or it has taken on the mood it was told. */
export type Told = "listening" | "port taken" | "in the mood";
