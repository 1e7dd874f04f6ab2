/** Which backend has which models: one index over all of them. */

import { keyOf } from "../domain/name.ts";
import type { Backend, StockedModel } from "./backend.ts";

/** A model where it can be had. */
export interface Offer {
  readonly backend: Backend;
  readonly model: StockedModel;
}

export interface Catalog {
  /** By backend, in the order of the configuration; models that are pinned elsewhere are left out. */
  readonly offers: readonly Offer[];
  /** Whether a model of this name is on offer, on one backend or on any. */
  has(name: string, backend?: string): boolean;
  /** Every offer of this name; those that spell it just so come first. */
  find(name: string): readonly FoundOffer[];
}

export interface FoundOffer extends Offer {
  /** It is the same name only by Ollama's rules, while another backend spells it as it was asked. */
  readonly loose: boolean;
}

export type Pins = ReadonlyMap<string, readonly string[]>;

export function catalogOf(backends: readonly Backend[], pins: Pins): Catalog {
  const offers = backends.flatMap((backend) =>
    backend.stock.models
      .filter(({ key }) => pins.get(key)?.includes(backend.name) ?? true)
      .map((model) => ({ backend, model })),
  );
  const byKey = Map.groupBy(offers, ({ model }) => model.key);
  return {
    offers,
    has(name, backend) {
      const same = byKey.get(keyOf(name)) ?? [];
      return backend === undefined ? same.length > 0 : same.some((offer) => offer.backend.name === backend);
    },
    find(name) {
      const same = byKey.get(keyOf(name)) ?? [];
      const spelled = name.trim();
      const exact = same.filter(({ model }) => model.id === spelled);
      const others = same.filter((offer) => !exact.some(({ backend }) => backend === offer.backend));
      return [
        ...exact.map((offer) => ({ ...offer, loose: false })),
        ...others.map((offer) => ({ ...offer, loose: exact.length > 0 })),
      ];
    },
  };
}
