/** The settings of the router, read-only, every default filled in. */

import type { Alias } from "../domain/alias.ts";
import type { Parameters } from "../domain/parameters.ts";
import type { EngineName } from "../engines/engine.ts";
import type { LogLevel } from "../telemetry/log.ts";
import type { Limits } from "../traffic/duty.ts";
import type { QueueLimits } from "../traffic/queue.ts";
import type { Listen } from "./listen.ts";

/**
 * Which models have names of their own, in lists and for whoever asks: `all`; those that are `configured`, in `[models]`;
 * or these and whatever is `running`, where it is in memory. Aliases lead to any.
 */
export const LISTINGS = ["all", "configured", "running"] as const;
export type ListingOnly = (typeof LISTINGS)[number];

export interface Config {
  readonly server: {
    readonly listen: Listen;
    readonly maxBody: { readonly bytes: number; readonly text: string };
    /** How long running requests may go on once the router is told to end. */
    readonly drainMs: number;
    /** Origins of web pages that may call, beside local pages and apps; `*` stands for any text. */
    readonly origins: readonly string[];
    /** What a client's copy makes of a model: an alias for it, or a second model. */
    readonly copy: "alias" | "model";
    /** Whether answers tell in `x-mellamo-…` headers which way they came. */
    readonly headers: boolean;
  };
  readonly routing: {
    /** How many requests may wait for the same backends, and how long. */
    readonly queue: QueueLimits;
    /** Whether a conversation goes where it went before. */
    readonly sticky: boolean;
  };
  /** The file of the aliases that can be changed while the router runs. */
  readonly storePath: string;
  readonly listing: {
    readonly only: ListingOnly;
    /** Whether lists show aliases. */
    readonly aliases: boolean;
  };
  readonly log: {
    readonly level: LogLevel;
    readonly format: "logfmt" | "json";
  };
  readonly backends: readonly BackendSettings[];
  /** Which backends alone serve a model, by the model's key. */
  readonly pins: ReadonlyMap<string, readonly string[]>;
  /** What is asked of all models. */
  readonly defaults: Parameters | undefined;
  /** The models that `[models]` names without a pin or with one, by their keys, and what is asked of each. */
  readonly models: ReadonlyMap<string, Parameters | undefined>;
  readonly aliases: readonly Alias[];
}

/** How long a backend may be silent. None of them limits a whole answer. */
export interface Timeouts {
  /** Until there is a connection. */
  readonly connectMs: number;
  /** From the request to the first byte of the answer's body. */
  readonly firstByteMs: number;
  /** Between two chunks of it. */
  readonly idleMs: number;
}

export interface BackendSettings {
  readonly name: string;
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  /** Left out: it is found out. */
  readonly engine: EngineName | undefined;
  readonly priority: number;
  /** Of alike backends, one of weight 2 gets twice as many requests as one of weight 1. */
  readonly weight: number;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  /** Sent as a bearer token. */
  readonly key: string | undefined;
  /** Patterns of the models that are offered, and of those among them that are not. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Names that are to be in memory there. */
  readonly preload: readonly string[];
  /** What is asked of the models there. */
  readonly parameters: Parameters | undefined;
  readonly probeIntervalMs: number;
  readonly probeTimeoutMs: number;
  /** Nobody named it; it is looked for because engines of its kind usually listen there. */
  readonly presumed: boolean;
}
