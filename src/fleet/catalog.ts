/** Which backend has which models: one index over all of them. */

import { keyOf } from "../domain/name.ts";
import type { Backend, StockedModel } from "./backend.ts";

/** A model where it can be had. */
export interface Offer {
  readonly backend: Backend;
  readonly model: StockedModel;
  /** Whether it may be asked for by its own name, rather than by aliases alone. */
  readonly open: boolean;
}

export interface Catalog {
  /** By backend, in the order of the configuration; models that are pinned elsewhere are left out. */
  readonly offers: readonly Offer[];
  /** Whether a model of this name is on offer, on one backend or on any. */
  has(name: string, backend?: string): boolean;
  /** Whether one that may be asked for by its own name is. */
  hasOpen(name: string): boolean;
  /** The offers of this name, one of each backend; those that spell it just so come first. */
  find(name: string): readonly FoundOffer[];
}

export interface FoundOffer extends Offer {
  /** It is the same name only by Ollama's rules, while another backend spells it as it was asked. */
  readonly loose: boolean;
  /** The model's: kept beside it, because models lie all over the memory. */
  readonly loaded: boolean;
}

export type Pins = ReadonlyMap<string, readonly string[]>;

/** Whether a model may be asked for by its own name. */
export type IsOpen = (model: StockedModel) => boolean;

export function catalogOf(backends: readonly Backend[], pins: Pins, isOpen: IsOpen = () => true): Catalog {
  const offers = backends.flatMap((backend) =>
    backend.stock.models
      .filter(({ key }) => pins.get(key)?.includes(backend.name) ?? true)
      .map((model) => ({ backend, model, open: isOpen(model) })),
  );
  const byKey = Map.groupBy(offers, ({ model }) => model.key);
  const found = new Map<string, readonly FoundOffer[]>();

  function search(spelled: string): readonly FoundOffer[] {
    const same = byKey.get(keyOf(spelled)) ?? [];
    const exact = firstOfEach(same.filter(({ model }) => model.id === spelled));
    const exactly = new Set(exact.map(({ backend }) => backend));
    const others = firstOfEach(same.filter(({ backend }) => !exactly.has(backend)));
    return [
      ...exact.map((offer) => foundOffer(offer, false)),
      ...others.map((offer) => foundOffer(offer, exact.length > 0)),
    ];
  }

  return {
    offers,
    has(name, backend) {
      const same = byKey.get(keyOf(name)) ?? [];
      return backend === undefined ? same.length > 0 : same.some((offer) => offer.backend.name === backend);
    },
    hasOpen: (name) => byKey.get(keyOf(name))?.some(({ open }) => open) ?? false,
    find(name) {
      const spelled = name.trim();
      const known = found.get(spelled);
      if (known !== undefined) return known;
      const offered = search(spelled);
      // names that nobody has are without number
      if (offered.length > 0 && found.size < MAX_FOUND) found.set(spelled, offered);
      return offered;
    },
  };
}

function foundOffer({ backend, model, open }: Offer, loose: boolean): FoundOffer {
  return { backend, model, open, loose, loaded: model.loaded };
}

/** The most spellings of names that are kept with what they lead to. */
const MAX_FOUND = 10_000;

/** One offer of each backend: it may have a model under two spellings of one name. */
function firstOfEach(offers: readonly Offer[]): Offer[] {
  const seen = new Set<Backend>();
  return offers.filter(({ backend }) => !seen.has(backend) && seen.add(backend));
}
