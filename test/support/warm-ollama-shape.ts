/** What a test may tell an Ollama that keeps models in memory, and see of it. */

/** A request that came in: any but those for lists. */
export interface WarmCall {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly model: string;
  /** Whether it was given up before it was answered. */
  readonly isGivenUp: boolean;
}

export interface WarmOptions {
  /** How far the clock of its machine is ahead. */
  readonly aheadMs?: number;
  /** How long models stay where a request does not say it. */
  readonly stayMs?: number;
  /** How many models it has room for. */
  readonly room?: number;
  /** Those of its models that do nothing but embed. */
  readonly embedders?: readonly string[];
  /** What time it is, in milliseconds since 1970. */
  readonly now?: () => number;
}

export interface WarmOllama extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly calls: readonly WarmCall[];
  /** The models in memory, the one that was asked least lately first. */
  readonly memory: () => readonly string[];
  /** The context that a model was loaded with. */
  readonly contextOf: (model: string) => number | undefined;
  /** Models that its clock took out of memory, one after the other. */
  readonly expired: readonly string[];
  /** How often it was asked what is in memory. */
  readonly looks: () => number;
  /** The most loads that went on at a time. */
  readonly mostLoads: () => number;
  /** From now on loads of this model end only when the returned function is called. */
  hold(model: string): () => void;
  /** From now on requests for this model fail; undefined: no more. */
  fail(model: string, error: string | undefined): void;
  /** Brings a model into memory, as another router's client would. */
  take(model: string): void;
  /** Lets go of models as `ollama stop` at the machine does, or of all as a crash. */
  drop(...models: readonly string[]): void;
  /** A model is pulled, or removed. */
  pull(model: string): void;
  remove(model: string): void;
  stop(): Promise<void>;
  start(): void;
}
