/** What there is to know about a kind of server. One file for each: data, and small functions that read its answers. */

import type { Values } from "../domain/parameters.ts";
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

/** A POST by which an engine brings a model into memory, or lets go of it. */
export interface Deed {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How an engine's models come into its memory and leave it. */
export interface Residency {
  /** Of several calls the next is for models of another kind: an engine refuses those that it does not fit with 400. */
  readonly load: (model: Model, values: Values) => readonly [Deed, ...Deed[]];
  readonly unload: (model: Model) => readonly Deed[];
  /** Whether it lets go of a model by itself after a while, unless it is asked to load it again. */
  readonly expires: boolean;
}

export interface Engine {
  readonly name: EngineName;
  /** As people write it. */
  readonly title: string;
  /** Where it listens unless told otherwise. */
  readonly usualPort: number | undefined;
  /** The paths it serves, of those that carry a model's name. Older versions may lack some: see `lacks`. */
  readonly serves: ReadonlySet<string>;
  /**
   * Fields of its own in OpenAI's chat and completion requests, by the option that each stands for: whoever does not know
   * them may refuse them, as OpenAI does. `keep_alive` may be among the options; it is written in seconds.
   */
  readonly extras: Readonly<Record<string, string>>;
  /** By options, further fields that it reads for them in OpenAI's requests, wherever OpenAI has them or not. */
  readonly synonyms?: Readonly<Record<string, readonly string[]>>;
  /** Whether a field with letters of another case is another field; to Go's decoder it is the same. */
  readonly knowsCase?: boolean;
  /** Fields of OpenAI's requests that it reads over: what is said there has no effect. */
  readonly ignores?: ReadonlySet<string>;
  /** Left out: all its models are in memory as long as it runs. */
  readonly residency?: Residency;
  /** Whether it has Ollama's calls that bring models: pull, push, create, blobs. */
  readonly manages: boolean;
  /** Whether the server at hand is one of this kind. Asked in the order of `ENGINES`: what is sure goes first. */
  recognises(ask: Ask): Promise<boolean>;
  /** Its models; undefined where the answer is none of this engine's. */
  list(ask: Ask): Promise<Listing | undefined>;
  /** Whether an answer means that the server has no such path, rather than no such model. */
  lacks(status: number, body: string): boolean;
}
