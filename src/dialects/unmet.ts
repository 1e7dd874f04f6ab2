/** Says which parameters do not reach an engine, for its paths have no place for them: nothing is left out in silence. */

import { type Parameters, type Settled, settled } from "../domain/parameters.ts";
import type { Engine } from "../engines/engine.ts";
import { INFERENCE } from "./endpoints.ts";
import { placeless, sayingsOf } from "./parameters.ts";

/** The paths of an engine, or the one that matters, whose requests cannot carry a parameter, by its name. */
export function unmetPaths(
  wanted: Settled,
  engine: Engine,
  path?: string,
): ReadonlyMap<string, readonly string[]> {
  const unmet = new Map<string, string[]>();
  for (const endpoint of INFERENCE) {
    const isMeant = path === undefined ? engine.serves.has(endpoint.path) : endpoint.path === path;
    if (!isMeant || endpoint.parameters === undefined) continue;
    for (const name of placeless(wanted, endpoint.parameters, engine))
      unmet.set(name, [...(unmet.get(name) ?? []), endpoint.path]);
  }
  return unmet;
}

/** What of these parameters whom of these engines' clients do not get, a line each. */
export function unmetTexts(parameters: Parameters | undefined, engines: readonly Engine[]): string[] {
  const wanted = settled([parameters]);
  const known = [...new Set(engines)];
  if (wanted === undefined || known.length === 0) return [];
  const byEngine = known.map((engine) => ({ engine, unmet: unmetPaths(wanted, engine) }));
  const nowhere: string[] = [];
  const partly = new Map<string, string[]>();
  for (const { name } of sayingsOf(wanted)) {
    const isTaken = byEngine.some(
      ({ engine, unmet }) => (unmet.get(name)?.length ?? 0) < carrying(engine).length,
    );
    const paths = [...new Set(byEngine.flatMap(({ unmet }) => unmet.get(name) ?? []))];
    if (!isTaken) nowhere.push(name);
    else if (paths.length > 0) {
      const text = pathsText(paths);
      partly.set(text, [...(partly.get(text) ?? []), name]);
    }
  }
  const titles = known.map(({ title }) => title).join(" or ");
  return [
    ...(nowhere.length === 0 ? [] : [`${nowhere.join(", ")} cannot be asked of ${titles}`]),
    ...[...partly].map(([paths, names]) => `clients of ${paths} do not get ${names.join(", ")}`),
  ];
}

/** The paths of an engine whose requests carry parameters at all. */
function carrying({ serves }: Engine): string[] {
  return INFERENCE.filter(({ path, parameters }) => parameters !== undefined && serves.has(path)).map(
    ({ path }) => path,
  );
}

/** All paths of OpenAI and Anthropic together are called by what they begin with. */
export function pathsText(paths: readonly string[]): string {
  const all = INFERENCE.filter(({ path, parameters }) => parameters !== undefined && path.startsWith("/v1/"));
  const isAll = all.every(({ path }) => paths.includes(path));
  return isAll ? "/v1" : paths.join(", ");
}
