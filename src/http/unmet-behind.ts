/** Which parameters of an alias do not reach the engines that it leads to. */

import { unmetTexts } from "../dialects/unmet.ts";
import { type Alias, isPattern } from "../domain/alias.ts";
import type { Engine } from "../engines/engine.ts";
import { ollama } from "../engines/ollama.ts";
import { survey } from "../fleet/survey.ts";
import { routeOf } from "./lookup.ts";
import type { Snapshot } from "./snapshot.ts";

/** One text for each reason. As long as no engine is known it is taken for an Ollama, whose words parameters are. */
export function unmetBehind(alias: Alias, snapshot: Pick<Snapshot, "book" | "fleet">): string[] {
  if (alias.parameters === undefined) return [];
  const engines = isPattern(alias) ? allEngines(snapshot) : enginesOf(alias.name, snapshot);
  return unmetTexts(alias.parameters, engines.length === 0 ? [ollama] : engines);
}

/** The engines of the backends that have what a name stands for. */
export function enginesOf(name: string, snapshot: Pick<Snapshot, "book" | "fleet">): Engine[] {
  return survey(routeOf(name, snapshot), undefined, snapshot.fleet).flatMap(
    ({ backend }) => backend.engine ?? [],
  );
}

function allEngines({ fleet }: Pick<Snapshot, "fleet">): Engine[] {
  return fleet.backends.flatMap(({ engine }) => engine ?? []);
}
