/** What is different between two configurations, as those who are told of a reload read it. */

import type { Alias } from "../domain/alias.ts";
import type { Config } from "./config.ts";

/** Names of backends, aliases or pinned models. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface Changes {
  /** Dotted, as in the file. */
  readonly settings: readonly string[];
  readonly backends: Difference;
  readonly aliases: Difference;
  readonly models: Difference;
}

type Setting = readonly [key: string, value: (config: Config) => unknown];

/** Settings that stand by themselves. Those of `[health]` and `[timeouts]` are seen in the backends. */
const SETTINGS: readonly Setting[] = [
  ["server.max_body", ({ server }) => server.maxBody.bytes],
  ["server.drain", ({ server }) => server.drainMs],
  ["server.origins", ({ server }) => server.origins],
  ["server.copy", ({ server }) => server.copy],
  ["server.headers", ({ server }) => server.headers],
  ["routing.queue_size", ({ routing }) => routing.queue.size],
  ["routing.queue_timeout", ({ routing }) => routing.queue.timeoutMs],
  ["routing.sticky", ({ routing }) => routing.sticky],
  ["listing.only", ({ listing }) => listing.only],
  ["listing.aliases", ({ listing }) => listing.aliases],
  ["log.level", ({ log }) => log.level],
  ["log.format", ({ log }) => log.format],
  ["defaults", ({ defaults }) => defaults],
];

/** Settings that hold until the process ends. */
const FIXED: readonly Setting[] = [
  ["server.listen", ({ server }) => server.listen],
  ["store.path", ({ storePath }) => storePath],
];

export function changesBetween(before: Config, after: Config): Changes {
  return {
    settings: different(SETTINGS, before, after),
    backends: difference(byName(before.backends), byName(after.backends)),
    aliases: difference(byName<Alias>(before.aliases), byName<Alias>(after.aliases)),
    models: difference(modelsOf(before), modelsOf(after)),
  };
}

/** The settings that only a restart can change. */
export function fixedChanges(running: Config, wanted: Config): string[] {
  return different(FIXED, running, wanted);
}

/** A line of a log is not longer for all the names in the world. */
const MAX_NAMED = 20;

/** One line for the log: `backends +attic ~gpu1, aliases -fast, server.drain`. */
export function changesText({ settings, ...tables }: Changes): string {
  const named = Object.entries(tables).flatMap(
    ([table, { added, removed, changed }]: [string, Difference]) => {
      const names = [
        ...added.map((name) => `+${name}`),
        ...removed.map((name) => `-${name}`),
        ...changed.map((name) => `~${name}`),
      ];
      const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
      return names.length === 0 ? [] : [`${table} ${names.slice(0, MAX_NAMED).join(" ")}${more}`];
    },
  );
  const all = [...named, ...settings];
  return all.length === 0 ? "nothing" : all.join(", ");
}

function different(settings: readonly Setting[], before: Config, after: Config): string[] {
  return settings.filter(([, value]) => !Bun.deepEquals(value(before), value(after))).map(([key]) => key);
}

/** All that `[models]` says. */
function modelsOf({ models, pins }: Config): ReadonlyMap<string, unknown> {
  return new Map([...models].map(([model, parameters]) => [model, { parameters, pins: pins.get(model) }]));
}

function byName<T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [one.name, one]));
}

function difference(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): Difference {
  const names = [...after.keys()];
  return {
    added: names.filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: names.filter((name) => before.has(name) && !Bun.deepEquals(before.get(name), after.get(name))),
  };
}
