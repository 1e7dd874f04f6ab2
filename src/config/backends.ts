/** The settings of each backend, with what it leaves out taken from the sections that hold for all. */

import type * as v from "valibot";

import { ENGINES } from "../engines/detect.ts";
import type { BackendSettings } from "./config.ts";
import { type Listen } from "./listen.ts";
import type { BackendEntry, ConfigFile } from "./schema.ts";

type Health = v.InferOutput<typeof ConfigFile>["health"];

export function settingsOf(entry: v.InferOutput<typeof BackendEntry>, health: Health): BackendSettings {
  return {
    name: backendNameOf(entry.name, entry.url) ?? entry.url,
    origin: entry.url,
    engine: entry.engine,
    priority: entry.priority,
    key: entry.key,
    include: entry.include,
    exclude: entry.exclude,
    probeIntervalMs: entry.probe_interval ?? health.probe_interval,
    probeTimeoutMs: entry.probe_timeout ?? health.probe_timeout,
    presumed: false,
  };
}

/** A backend without a name is called by its host and port. */
export function backendNameOf(name: unknown, url: unknown): string | undefined {
  if (typeof name === "string") return name;
  return typeof url === "string" && URL.canParse(url) ? new URL(url).host : undefined;
}

/** What is looked for where nothing is configured: engines on their usual ports, but for the router's own. */
export function presumedBackends(health: Health, listen: Listen): BackendSettings[] {
  const ports = ENGINES.flatMap(({ usualPort }) => usualPort ?? []).filter(
    (port) => listen.kind === "unix" || listen.port !== port,
  );
  return ports.map((port) => ({
    name: `local-${port}`,
    origin: `http://127.0.0.1:${port}`,
    engine: undefined,
    priority: 100,
    key: undefined,
    include: ["*"],
    exclude: [],
    probeIntervalMs: health.probe_interval,
    probeTimeoutMs: health.probe_timeout,
    presumed: true,
  }));
}
