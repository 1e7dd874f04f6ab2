/** What each key of the configuration file may hold. Keys are `snake_case` there and `camelCase` here. */

import * as v from "valibot";

import { ENGINE_NAMES } from "../engines/engine.ts";
import { LOG_LEVELS } from "../telemetry/log.ts";
import { closed } from "./closed.ts";
import { LISTINGS } from "./config.ts";
import { parameters } from "./parameters.ts";
import {
  backendName,
  count,
  duration,
  flag,
  integer,
  key,
  listen,
  names,
  oneOf,
  positiveDuration,
  queueSize,
  size,
  texts,
  url,
  weight,
} from "./values.ts";

export const BackendEntry = closed({
  name: v.optional(backendName),
  url,
  engine: v.optional(oneOf(ENGINE_NAMES)),
  priority: v.optional(integer, 100),
  weight: v.optional(weight, 1),
  max_inflight: v.optional(count),
  key: v.optional(key),
  include: v.optional(texts, ["*"]),
  exclude: v.optional(texts, []),
  connect: v.optional(positiveDuration),
  first_byte: v.optional(positiveDuration),
  idle: v.optional(positiveDuration),
  probe_interval: v.optional(positiveDuration),
  probe_timeout: v.optional(positiveDuration),
  failures: v.optional(count),
  pause: v.optional(positiveDuration),
  max_pause: v.optional(positiveDuration),
  preload: v.optional(names, []),
  ...parameters,
});

const target = v.lazy((input) =>
  typeof input === "string"
    ? v.pipe(
        v.string(),
        v.transform((model) => ({ model })),
      )
    : closed(
        {
          model: v.string("expected a string"),
          backend: v.optional(v.string("expected a string")),
          weight: v.optional(weight),
        },
        'expected a model\'s name or { model = "…", backend = "…" }',
      ),
);

const targets = v.pipe(
  v.array(target, "expected a list of targets"),
  v.minLength(1, "expected at least one target"),
);

const longAlias = closed(
  {
    targets,
    strategy: v.optional(oneOf(["pool", "order"]), "pool"),
    listed: v.optional(flag, true),
    echo: v.optional(flag, true),
    ...parameters,
  },
  "expected a model's name, a list of them, or a table with targets",
);

/** A name, a list of targets or a table: all read into the table's shape. */
export const AliasEntry = v.lazy((input) => {
  const short = typeof input === "string" || Array.isArray(input);
  if (!short) return longAlias;
  return v.pipe(
    v.unknown(),
    v.transform((value) => (Array.isArray(value) ? value : [value])),
    targets,
    v.transform((list) => ({
      targets: list,
      strategy: "pool" as const,
      listed: true,
      echo: true,
      options: undefined,
    })),
  );
});

const backendNames = v.lazy((value) =>
  Array.isArray(value)
    ? v.pipe(texts, v.minLength(1, "expected at least one backend"))
    : v.pipe(
        v.string("expected a backend's name or a list of them"),
        v.transform((name) => [name]),
      ),
);

/** A model: the backends it is pinned to, or a table with these, with its parameters, or with both. */
export const ModelEntry = v.lazy((input) => {
  if (typeof input === "string" || Array.isArray(input)) {
    return v.pipe(
      backendNames,
      v.transform((backend) => ({ backend })),
    );
  }
  return v.pipe(
    closed(
      { backend: v.optional(backendNames), ...parameters },
      "expected a backend's name, a list of them, or a table",
    ),
    v.check((entry) => Object.keys(entry).length > 0, "expected a backend, or parameters of the model"),
  );
});

/** Its entries are read one by one: their keys are names that people choose. */
const named = v.custom<object>(
  (input) => typeof input === "object" && input !== null && !Array.isArray(input),
  "expected a table",
);

const server = {
  listen: v.optional(listen, "127.0.0.1:11435"),
  max_body: v.optional(size, "256MiB"),
  drain: v.optional(duration, "30s"),
  origins: v.optional(texts, []),
  copy: v.optional(oneOf(["alias", "model"]), "alias"),
  headers: v.optional(flag, true),
};
const routing = {
  queue_size: v.optional(queueSize, 256),
  queue_timeout: v.optional(duration, "60s"),
  sticky: v.optional(flag, true),
};
const timeouts = {
  connect: v.optional(positiveDuration, "2s"),
  first_byte: v.optional(positiveDuration, "10m"),
  idle: v.optional(positiveDuration, "5m"),
};
const health = {
  probe_interval: v.optional(positiveDuration, "10s"),
  probe_timeout: v.optional(positiveDuration, "2s"),
  failures: v.optional(count, 3),
  pause: v.optional(positiveDuration, "1s"),
  max_pause: v.optional(positiveDuration, "60s"),
};
const listing = {
  only: v.optional(oneOf(LISTINGS), "all"),
  aliases: v.optional(flag, true),
};
const store = {
  path: v.optional(
    v.pipe(
      v.string("expected the path of a file"),
      v.regex(/^[^\0]*[^\0\s/\\]$/, "expected the path of a file"),
    ),
  ),
};
const log = {
  level: v.optional(oneOf(LOG_LEVELS), "info"),
  format: v.optional(oneOf(["logfmt", "json"]), "logfmt"),
};

/** The sections whose keys stand by themselves. */
export const SECTIONS = { server, routing, timeouts, health, listing, store, log, defaults: parameters };

export const ServerSection = closed(server);

export const ConfigFile = closed(
  {
    server: v.optional(ServerSection, {}),
    routing: v.optional(closed(routing), {}),
    timeouts: v.optional(closed(timeouts), {}),
    health: v.optional(closed(health), {}),
    listing: v.optional(closed(listing), {}),
    store: v.optional(closed(store), {}),
    log: v.optional(closed(log), {}),
    defaults: v.optional(closed(parameters), {}),
    backend: v.optional(v.array(BackendEntry, "expected [[backend]] tables"), []),
    models: v.optional(named, {}),
    aliases: v.optional(named, {}),
  },
  "expected a table",
  SECTIONS,
);
