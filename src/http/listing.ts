/** Which names lists show: models, and aliases that lead to one. */

import type { Listed } from "../dialects/rows.ts";
import { modifiedAt } from "../dialects/rows.ts";
import { type Alias, isPattern } from "../domain/alias.ts";
import { keyOf } from "../domain/name.ts";
import type { Offer } from "../fleet/catalog.ts";
import { routeOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** A name, and where it leads. */
export interface ListedName extends Listed {
  readonly offer: Offer;
  readonly alias: Alias | undefined;
}

/**
 * Every name once, newest first: aliases, then models that no alias hides. It is made from what was last seen, so no
 * backend can delay it; one that is down keeps its models listed, so that lists do not flicker.
 */
export function listNames(snapshot: Snapshot): ListedName[] {
  const byKey = new Map<string, ListedName>();
  for (const alias of snapshot.book.aliases) {
    const offer = snapshot.config.listing.aliases ? behind(alias, snapshot) : undefined;
    if (offer !== undefined)
      byKey.set(keyOf(alias.name), { name: alias.name, model: offer.model, offer, alias });
  }
  for (const offer of newestFirst(snapshot.fleet.catalog.offers)) {
    const { id, key } = offer.model;
    const hidden = snapshot.book.exact(id)?.listed === false;
    if (!byKey.has(key) && !hidden) byKey.set(key, { name: id, model: offer.model, offer, alias: undefined });
  }
  return [...byKey.values()].sort((a, b) => wholeSeconds(b) - wholeSeconds(a));
}

/** What an alias stands for in lists: the first of its targets that is known, rather where it is up. */
function behind(alias: Alias, snapshot: Snapshot): Offer | undefined {
  if (isPattern(alias) || !alias.listed) return undefined;
  for (const { model, backend } of routeOf(alias.name, snapshot).targets) {
    const offers = snapshot.fleet.catalog
      .find(model)
      .filter((offer) => backend === undefined || offer.backend.name === backend);
    const offer = offers.find((one) => one.backend.stock.up) ?? offers[0];
    if (offer !== undefined) return offer;
  }
  return undefined;
}

/** Of a model on several backends the newest speaks for all. */
function newestFirst(offers: readonly Offer[]): Offer[] {
  return offers.toSorted((a, b) => Date.parse(modifiedAt(b.model)) - Date.parse(modifiedAt(a.model)));
}

/** Ollama's own order. */
function wholeSeconds({ model }: Listed): number {
  return Math.floor(Date.parse(modifiedAt(model)) / 1000);
}
