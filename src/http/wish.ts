/** What a name is at one backend, and how it is loaded there: with the same parameters as requests for it get. */

import { unasked } from "../domain/parameters.ts";
import type { Backend } from "../fleet/backend.ts";
import type { Wish } from "../fleet/residence.ts";
import { survey } from "../fleet/survey.ts";
import { routeOf } from "./lookup.ts";
import { settledFor } from "./parameters.ts";
import type { Snapshot } from "./snapshot.ts";

/** Undefined where the backend has no such model. One that only aliases lead to counts: its owner may say what he likes. */
export function wishOf(
  name: string,
  backend: Backend,
  snapshot: Pick<Snapshot, "config" | "book" | "fleet">,
): Wish | undefined {
  const { fleet } = snapshot;
  const [first] = survey(routeOf(name, snapshot), undefined, fleet)
    .filter((candidate) => candidate.backend === backend)
    .toSorted((a, b) => a.rank - b.rank);
  const own = fleet.catalog.find(name).find((offer) => offer.backend === backend);
  const found = first ?? (own && { ...own, by: [] });
  if (found === undefined) return undefined;
  const wanted = settledFor(found, snapshot);
  return { model: found.model, values: wanted === undefined ? {} : unasked(wanted) };
}
