/** Holds the aliases and pins against what its backends have. What is not there now may be there later: it only warns. */

import type { Config } from "../config/config.ts";
import type { Alias } from "../domain/alias.ts";
import { type Book, bookOf } from "../domain/book.ts";
import { type Entry, storedAlias } from "../domain/entry.ts";
import { Backend } from "../fleet/backend.ts";
import { Fleet } from "../fleet/fleet.ts";
import { Looks } from "../fleet/looks.ts";
import { whyMissing } from "../fleet/missing.ts";
import { hindranceOf, isHindered } from "../http/hindrance.ts";
import { missingBehind } from "../http/missing.ts";
import { enginesOf } from "../http/unmet-behind.ts";
import { wishOf } from "../http/wish.ts";
import { systemTraffic } from "../traffic/traffic.ts";
import { stateText, warningOf } from "./alias-text.ts";
import { type KnownEngines, parameterNotes } from "./parameter-notes.ts";

/** Asks every backend once. Returns lines for people: what was found where nothing is configured, then warnings. */
export async function lookAround(config: Config, entries: readonly Entry[]): Promise<string[]> {
  const backends = config.backends.map((settings) => new Backend(settings));
  const traffic = systemTraffic();
  const looks = new Looks(Date.now, traffic);
  const fleet = new Fleet(backends, config, looks, traffic, Date.now);
  await Promise.all(backends.map((backend) => looks.refresh(backend)));
  looks.stop();
  const stored = entries.map(storedAlias);
  const view = { config, book: bookOf(config.aliases, stored), fleet };
  const faults = [...config.aliases, ...stored].flatMap((alias) =>
    faultsOf(alias, view).map((why) => warningOf(alias.source, alias.name, why)),
  );
  const engines: KnownEngines = {
    all: backends.flatMap(({ engine }) => engine ?? []),
    at: (settings) => backends.flatMap((one) => (one.settings === settings ? (one.engine ?? []) : [])),
    behind: (name) => enginesOf(name, view),
  };
  return [
    ...backends.flatMap(condition),
    ...faults,
    ...deadModels(config, fleet),
    ...deadPreloads(view),
    ...parameterNotes(config, entries, engines),
  ];
}

/** What keeps an alias from doing what it says. */
function faultsOf(alias: Alias, view: { readonly book: Book; readonly fleet: Fleet }): string[] {
  const hindrance = hindranceOf(alias, view);
  return isHindered(hindrance) ? [stateText(hindrance)] : missingBehind(alias, view);
}

function condition({ name, settings, stock, engine }: Backend): string[] {
  const { origin, presumed } = settings;
  if (stock.up)
    return presumed ? [`found ${engine?.title} at ${origin} (models: ${stock.models.length})`] : [];
  return presumed ? [] : [`warning: backend "${name}" is down: ${stock.trouble}`];
}

/** What is to be in memory of a backend that is up, and does not have it. */
function deadPreloads(view: {
  readonly config: Config;
  readonly book: Book;
  readonly fleet: Fleet;
}): string[] {
  return view.fleet.backends
    .filter(({ stock }) => stock.up)
    .flatMap((backend) =>
      backend.settings.preload
        .filter((name) => wishOf(name, backend, view) === undefined)
        .map((name) => `warning: backend "${backend.name}": preload of "${name}": it has no such model`),
    );
}

/** Pins, and models that only something is asked of, without any such model. */
function deadModels({ models, pins }: Config, fleet: Fleet): string[] {
  return [...models.keys()].flatMap((model) => {
    const why = whyMissing({ model }, fleet);
    return why === undefined ? [] : [`warning: ${pins.has(model) ? "pin of" : "model"} "${model}": ${why}`];
  });
}
