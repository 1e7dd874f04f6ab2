/** What there is to know about a kind of server. One file for each: data, and small functions that read its answers. */

import type { Model } from "./model.ts";

export const ENGINE_NAMES = ["ollama", "lmstudio", "llamacpp", "vllm", "sglang", "openai"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** An answer to one GET. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** Asks the server at hand for a path. Rejects when it cannot be reached or does not answer in time. */
export type Ask = (path: string) => Promise<Reply>;

export interface Listing {
  readonly models: readonly Model[];
  /** The engine's own version, where it tells one. */
  readonly version: string | undefined;
  /** Whether it did not tell all in time: of its version and of what is in memory, what was known before holds on. */
  readonly busy?: boolean;
}

export interface Engine {
  readonly name: EngineName;
  /** As people write it. */
  readonly title: string;
  /** Where it listens unless told otherwise. */
  readonly usualPort: number | undefined;
  /** The paths it serves, of those that carry a model's name. Older versions may lack some: see `lacks`. */
  readonly serves: ReadonlySet<string>;
  /** Whether it has Ollama's calls that bring models: pull, push, create, blobs. */
  readonly manages: boolean;
  /** Whether the server at hand is one of this kind. Asked in the order of `ENGINES`: what is sure goes first. */
  recognises(ask: Ask): Promise<boolean>;
  /** Its models; undefined where the answer is none of this engine's. */
  list(ask: Ask): Promise<Listing | undefined>;
  /** Whether an answer means that the server has no such path, rather than no such model. */
  lacks(status: number, body: string): boolean;
}
