/**
 * Holds the aliases, pins, preloads and parameters of a configuration against what its backends have. What is not there
 * now may be there later: these are no mistakes.
 */

import { storedAlias } from "../domain/entry.ts";
import type { Backend } from "../fleet/backend.ts";
import { whyMissing } from "../fleet/missing.ts";
import { obstaclesTo } from "../http/nowhere.ts";
import { enginesOf } from "../http/unmet-behind.ts";
import { wishOf } from "../http/wish.ts";
import { aliasTitle } from "./alias-text.ts";
import type { Around } from "./look-around.ts";
import { type KnownEngines, parameterNotes } from "./parameter-notes.ts";

/** A line for each engine that was found where nothing is configured, or where none was found. */
export function foundLines({ fleet }: Around): string[] {
  const presumed = fleet.backends.filter(({ settings }) => settings.presumed);
  const found = presumed.filter(({ stock }) => stock.up);
  return presumed.length > 0 && found.length === 0
    ? [noneFoundText(presumed)]
    : found.map((backend) => `found ${seenText(backend)}`);
}

export function noneFoundText(looked: readonly Backend[]): string {
  return `found no engine (looked at ${looked.map(({ settings }) => settings.origin).join(", ")})`;
}

/** What was seen of a backend that is up. */
export function seenText({ engine, settings, stock }: Backend): string {
  const version = stock.version === undefined ? "" : ` ${stock.version.replaceAll("\n", "\u{fffd}")}`;
  return `${engine?.title}${version} at ${settings.origin} (models: ${stock.models.length})`;
}

/** A line for all that is not as it is configured. */
export function liveNotes(around: Around): string[] {
  const { config, entries, fleet } = around;
  const down = fleet.backends.filter(({ settings, stock }) => !settings.presumed && !stock.up);
  return [
    ...down.map(({ name, stock }) => `backend "${name}" is down: ${stock.trouble}`),
    ...[...config.aliases, ...entries.map(storedAlias)].flatMap((alias) =>
      obstaclesTo(alias, around).map((why) => `${aliasTitle(alias)}: ${why}`),
    ),
    ...modelNotes(around),
  ];
}

/** The same but for backends and aliases. */
export function modelNotes(around: Around): string[] {
  const { config, entries, fleet } = around;
  const engines: KnownEngines = {
    all: fleet.backends.flatMap(({ engine }) => engine ?? []),
    at: (settings) => fleet.backends.flatMap((one) => (one.settings === settings ? (one.engine ?? []) : [])),
    behind: (name) => enginesOf(name, around),
  };
  return [...deadModels(around), ...deadPreloads(around), ...parameterNotes(config, entries, engines)];
}

/** Pins, and models that only something is asked of, without any such model. */
function deadModels({ config: { models, pins }, fleet }: Around): string[] {
  return [...models.keys()].flatMap((model) => {
    const why = whyMissing({ model }, fleet);
    return why === undefined ? [] : [`${pins.has(model) ? "pin of" : "model"} "${model}": ${why}`];
  });
}

/** What is to be in memory of a backend that is up, and does not have it. */
function deadPreloads(around: Around): string[] {
  return around.fleet.backends
    .filter(({ stock }) => stock.up)
    .flatMap((backend) =>
      backend.settings.preload
        .filter((name) => wishOf(name, backend, around) === undefined)
        .map((name) => `backend "${backend.name}": preload of "${name}": it has no such model`),
    );
}
