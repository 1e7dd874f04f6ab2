/** The parts of the router's own answers that commands show. */

import * as v from "valibot";

import { parameterEntries } from "../domain/parameter-schema.ts";
import { CONDITIONS } from "../domain/preload.ts";

const Target = v.object({
  model: v.string(),
  backend: v.optional(v.string()),
  weight: v.optional(v.number()),
});

export const Status = v.object({
  version: v.string(),
  started_at: v.string(),
  listen: v.string(),
  config: v.nullable(v.string()),
  config_loaded_at: v.string(),
  config_troubles: v.array(v.string()),
  needs_restart: v.array(v.string()),
  store: v.object({ path: v.string(), aliases: v.number(), trouble: v.nullable(v.string()) }),
  /** Requests that wait for a backend. */
  waiting: v.number(),
  aliases: v.array(
    v.object({
      name: v.string(),
      targets: v.array(Target),
      strategy: v.picklist(["pool", "order"]),
      listed: v.boolean(),
      /** Those that have a model it stands for; none of a pattern, which stands for many. */
      backends: v.array(v.string()),
      source: v.picklist(["config", "stored"]),
      /** A model bears its name, and goes before it. */
      shadowed_by: v.optional(v.literal("model")),
      /** Why it cannot be followed to any model. */
      broken: v.optional(v.string()),
    }),
  ),
  backends: v.array(
    v.object({
      name: v.string(),
      url: v.string(),
      engine: v.nullable(v.string()),
      up: v.boolean(),
      trouble: v.nullable(v.string()),
      inflight: v.number(),
      max_inflight: v.nullable(v.number()),
      drained: v.nullable(v.object({ until: v.nullable(v.string()) })),
      breaker: v.object({
        state: v.picklist(["closed", "open", "half-open"]),
        failures: v.number(),
        until: v.nullable(v.string()),
      }),
      resting_until: v.nullable(v.string()),
      /** Requests whose own context would have made it load a model anew. */
      reloads_prevented: v.number(),
      /** What is to be in its memory. */
      preload: v.array(
        v.object({
          name: v.string(),
          model: v.nullable(v.string()),
          state: v.picklist(CONDITIONS),
          why: v.string(),
        }),
      ),
      models: v.array(
        v.object({
          id: v.string(),
          /** Whether it may be asked for by this name; else by aliases alone. */
          open: v.boolean(),
          loaded: v.boolean(),
          size: v.number(),
          context_length: v.nullable(v.number()),
        }),
      ),
    }),
  ),
});

export const Resolved = v.object({
  model: v.string(),
  alias: v.nullable(v.string()),
  via: v.array(v.string()),
  targets: v.array(Target),
  candidates: v.array(
    v.object({
      backend: v.string(),
      engine: v.nullable(v.string()),
      model: v.string(),
      state: v.string(),
      /** Why it goes where it goes, or what is in its way. */
      reason: v.string(),
      loaded: v.boolean(),
      inflight: v.number(),
      priority: v.number(),
      weight: v.number(),
      chosen: v.boolean(),
      /** What is asked of its model, all levels together. */
      parameters: v.nullable(v.object(parameterEntries)),
      /** The paths that have no place for a parameter, by its name. */
      unmet: v.record(v.string(), v.array(v.string())),
    }),
  ),
  /** Requests that wait for one of them. */
  waiting: v.number(),
  problem: v.nullable(v.object({ status: v.number(), message: v.string() })),
});

type Backend = v.InferOutput<typeof Status>["backends"][number];

/** Whether a backend is in use and, if not, why and until when. */
export function conditionOf({ up, trouble, drained, breaker, resting_until: rest }: Backend): string {
  if (drained !== null) return `drained${until(drained.until)}`;
  if (!up) return `down: ${trouble ?? ""}`;
  if (breaker.state !== "closed") return `breaker ${breaker.state}${until(breaker.until)}`;
  return rest === null ? "up" : `resting${until(rest)}`;
}

/** As people read a time here. */
export function timeText(time: Date): string {
  return time.toLocaleString("sv-SE");
}

function until(time: string | null): string {
  if (time === null) return "";
  const at = new Date(time);
  return at.getTime() < Date.now() ? "" : ` until ${timeText(at)}`;
}

/** A target as people write it: `model`, or `model on backend`. */
export function targetText({ model, backend }: v.InferOutput<typeof Target>): string {
  return backend === undefined ? model : `${model} on ${backend}`;
}
