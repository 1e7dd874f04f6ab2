/** Looks at a backend: which engine it is, and what models it has. */

import { type Glob, globOf, matchGlob } from "../domain/glob.ts";
import { bareName, isName } from "../domain/name.ts";
import { detect } from "../engines/detect.ts";
import type { Ask } from "../engines/engine.ts";
import type { Model } from "../engines/model.ts";
import { askOf } from "./ask.ts";
import type { Backend } from "./backend.ts";
import { causeText } from "./cause.ts";

/** Brings the backend's stock up to date, or notes why that cannot be done. Never rejects. */
export async function scan(backend: Backend, nowMs: () => number): Promise<void> {
  const statuses = new Set<number>();
  const askOnce = askOf(backend);
  const ask: Ask = async (path) => {
    const reply = await askOnce(path);
    statuses.add(reply.status);
    return reply;
  };
  try {
    const trouble = await restock(backend, ask, nowMs);
    if (trouble !== undefined) backend.lose(refusalIn(statuses, backend) ?? trouble);
  } catch (failure) {
    backend.lose(causeText(failure));
  }
}

/** What a backend may mean that answers as no engine does: the key is wrong, or the request came back to this router. */
function refusalIn(statuses: ReadonlySet<number>, { settings }: Backend): string | undefined {
  if (statuses.has(508)) return "leads back to this router";
  if (statuses.has(401))
    return `refuses with status 401: its key is ${settings.key === undefined ? "missing" : "wrong"}`;
  // an Ollama on a loopback address refuses so whoever calls it by another name
  return statuses.has(403) ? "refuses with status 403: for its key, or for the host's name" : undefined;
}

/** Returns what is wrong with a backend that answers, but not as it should. */
async function restock(backend: Backend, ask: Ask, nowMs: () => number): Promise<string | undefined> {
  const engine = backend.unsure ? await detect(ask) : backend.engine;
  if (engine === undefined) return "answers, but like no known engine";
  backend.engine = engine;
  backend.unsure = false;
  const listing = await engine.list(ask);
  if (listing === undefined) return `does not list models as ${engine.title} does (it may still be starting)`;
  backend.restock({ ...listing, models: offered(backend, listing.models) }, nowMs());
  return undefined;
}

/** The models that the owner lets through, each once; names that no client could ask for are left out. */
export function offered<M extends Model>(backend: Backend, models: readonly M[]): M[] {
  const include = backend.settings.include.map(globOf);
  const exclude = backend.settings.exclude.map(globOf);
  const unique = new Map(models.map((model) => [model.id, model]));
  return [...unique.values()].filter(({ id }) => isName(id) && isOneOf(include, id) && !isOneOf(exclude, id));
}

/** As with patterns of aliases, "tiny" and "tiny*" mean "library/tiny:latest" too. */
function isOneOf(globs: readonly Glob[], id: string): boolean {
  const short = bareName(id);
  return globs.some((glob) => [id, short].some((name) => matchGlob(glob, name) !== undefined));
}
