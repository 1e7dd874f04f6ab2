/** The settings of each backend, with what it leaves out taken from the sections that hold for all. */

import type * as v from "valibot";

import { parametersOf } from "../domain/parameters.ts";
import { ENGINES } from "../engines/detect.ts";
import type { Limits } from "../traffic/duty.ts";
import type { BackendSettings } from "./config.ts";
import { type Listen } from "./listen.ts";
import type { BackendEntry, ConfigFile } from "./schema.ts";

/** What holds for every backend that does not say otherwise itself. */
export type Common = Pick<v.InferOutput<typeof ConfigFile>, "health" | "timeouts">;

export function settingsOf(entry: v.InferOutput<typeof BackendEntry>, common: Common): BackendSettings {
  return {
    ...waitsOf(entry, common),
    name: backendNameOf(entry.name, entry.url) ?? entry.url,
    origin: entry.url,
    engine: entry.engine,
    priority: entry.priority,
    weight: entry.weight,
    limits: limitsOf(entry, common),
    key: entry.key,
    include: entry.include,
    exclude: entry.exclude,
    preload: entry.preload,
    parameters: parametersOf(entry),
    presumed: false,
  };
}

type Own = Partial<v.InferOutput<typeof BackendEntry>>;

function waitsOf(
  own: Own,
  { health, timeouts }: Common,
): Pick<BackendSettings, "timeouts" | "probeIntervalMs" | "probeTimeoutMs"> {
  return {
    timeouts: {
      connectMs: own.connect ?? timeouts.connect,
      firstByteMs: own.first_byte ?? timeouts.first_byte,
      idleMs: own.idle ?? timeouts.idle,
    },
    probeIntervalMs: own.probe_interval ?? health.probe_interval,
    probeTimeoutMs: own.probe_timeout ?? health.probe_timeout,
  };
}

function limitsOf(own: Own, { health }: Common): Limits {
  return {
    maxInflight: own.max_inflight,
    failures: own.failures ?? health.failures,
    pauseMs: own.pause ?? health.pause,
    maxPauseMs: own.max_pause ?? health.max_pause,
  };
}

/** A backend without a name is called by its host and port. */
export function backendNameOf(name: unknown, url: unknown): string | undefined {
  if (typeof name === "string") return name;
  return typeof url === "string" && URL.canParse(url) ? new URL(url).host : undefined;
}

/** What is looked for where nothing is configured: engines on their usual ports, but for the router's own. */
export function presumedBackends(common: Common, listen: Listen): BackendSettings[] {
  const ports = ENGINES.flatMap(({ usualPort }) => usualPort ?? []).filter(
    (port) => listen.kind === "unix" || listen.port !== port,
  );
  return ports.map((port) => ({
    ...waitsOf({}, common),
    name: `local-${port}`,
    origin: `http://127.0.0.1:${port}`,
    engine: undefined,
    priority: 100,
    weight: 1,
    limits: limitsOf({}, common),
    key: undefined,
    include: ["*"],
    exclude: [],
    preload: [],
    parameters: undefined,
    presumed: true,
  }));
}
