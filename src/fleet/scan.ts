/** Looks at a backend: which engine it is, and what models it has. */

import { globOf, matchGlob } from "../domain/glob.ts";
import { isName } from "../domain/name.ts";
import { detect } from "../engines/detect.ts";
import type { Ask } from "../engines/engine.ts";
import type { Model } from "../engines/model.ts";
import { askOf } from "./ask.ts";
import type { Backend } from "./backend.ts";
import { causeText } from "./cause.ts";

/** Brings the backend's stock up to date, or notes why that cannot be done. Never rejects. */
export async function scan(backend: Backend, nowMs: () => number): Promise<void> {
  try {
    const trouble = await restock(backend, askOf(backend), nowMs);
    if (trouble !== undefined) backend.lose(trouble);
  } catch (failure) {
    backend.lose(causeText(failure));
  }
}

/** Returns what is wrong with a backend that answers, but not as it should. */
async function restock(backend: Backend, ask: Ask, nowMs: () => number): Promise<string | undefined> {
  backend.engine ??= await detect(ask);
  if (backend.engine === undefined) return "answers, but like no known engine";
  const listing = await backend.engine.list(ask);
  if (listing === undefined) {
    const { title } = backend.engine;
    // something else may have taken its place: look anew next time, unless the owner said what it is
    if (backend.settings.engine === undefined) backend.engine = undefined;
    return `does not list models as ${title} does (it may still be starting)`;
  }
  backend.restock(offered(backend, listing.models), listing.version, nowMs());
  return undefined;
}

/** The models that the owner lets through, each once; names that no client could ask for are left out. */
function offered(backend: Backend, models: readonly Model[]): Model[] {
  const include = backend.settings.include.map(globOf);
  const exclude = backend.settings.exclude.map(globOf);
  const unique = new Map(models.map((model) => [model.id, model]));
  return [...unique.values()].filter(
    ({ id }) =>
      isName(id) &&
      include.some((glob) => matchGlob(glob, id) !== undefined) &&
      !exclude.some((glob) => matchGlob(glob, id) !== undefined),
  );
}
