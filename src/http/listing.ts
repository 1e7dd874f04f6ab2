/** Which names lists show: models, and aliases that lead to one. */

import type { Listed } from "../dialects/rows.ts";
import { modifiedAt } from "../dialects/rows.ts";
import { type Alias, isPattern } from "../domain/alias.ts";
import { keyOf } from "../domain/name.ts";
import type { Offer } from "../fleet/catalog.ts";
import { shadowOf } from "./hindrance.ts";
import { routeOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** A name, and where it leads. */
export interface ListedName extends Listed {
  readonly offer: Offer;
  readonly alias: Alias | undefined;
}

/** Which offers count. */
export type Counts = (offer: Offer) => boolean;

/**
 * Every name once, newest first: aliases, then models that no alias hides. It is made from what was last seen, so no
 * backend can delay it; one that is down keeps its models listed, so that lists do not flicker.
 */
export function listNames(snapshot: Snapshot, counts: Counts = () => true): ListedName[] {
  const { book, config, fleet } = snapshot;
  const aliases = config.listing.aliases
    ? book.aliases.filter((one) => !isPattern(one) && one.listed && shadowOf(one, snapshot) === undefined)
    : [];
  // a name that is an alias's is no model's, also where the alias itself is not shown
  const leading = aliases.filter(({ name }) => offerBehind(name, snapshot) !== undefined);
  const taken = new Set(leading.map(({ name }) => keyOf(name)));
  const listed = leading.flatMap((alias) => {
    const offer = offerBehind(alias.name, snapshot, counts);
    return offer === undefined ? [] : [{ name: alias.name, model: offer.model, offer, alias }];
  });
  const open = fleet.catalog.offers.filter(
    (offer) =>
      offer.open &&
      counts(offer) &&
      !taken.has(offer.model.key) &&
      book.configured(offer.model.id)?.listed !== false,
  );
  const models = [...Map.groupBy(open, ({ model }) => model.key).values()].flatMap((same) => {
    const offer = newestOf(same);
    return offer === undefined ? [] : [{ name: offer.model.id, model: offer.model, offer, alias: undefined }];
  });
  return [...listed, ...models].sort((a, b) => wholeSeconds(b) - wholeSeconds(a));
}

/** What a name stands for in lists: the first of its targets that is known and may be had by it, whether it is up or not. */
export function offerBehind(
  name: string,
  snapshot: Snapshot,
  counts: Counts = () => true,
): Offer | undefined {
  const { alias, targets } = routeOf(name, snapshot);
  for (const { model, backend } of targets) {
    const offers = snapshot.fleet.catalog
      .find(model)
      .filter((offer) => (backend === undefined || offer.backend.name === backend) && counts(offer))
      .filter(({ open }) => alias !== undefined || open);
    const offer = newestOf(offers);
    if (offer !== undefined) return offer;
  }
  return undefined;
}

/** Of a model on several backends the newest speaks for all. */
function newestOf(offers: readonly Offer[]): Offer | undefined {
  const changedMs = ({ model }: Offer): number => Date.parse(modifiedAt(model));
  return offers.toSorted((a, b) => changedMs(b) - changedMs(a))[0];
}

/** Ollama's own order; within a second, models stay in the order of their engines. */
function wholeSeconds({ model }: Listed): number {
  return Math.floor(Date.parse(modifiedAt(model)) / 1000);
}
