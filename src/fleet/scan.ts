/** Looks at a backend: which engine it is, and what models it has. */

import { codeOf } from "../domain/failure.ts";
import { type Glob, globOf, matchGlob } from "../domain/glob.ts";
import { bareName, isName } from "../domain/name.ts";
import { detect } from "../engines/detect.ts";
import type { Ask, Reply } from "../engines/engine.ts";
import type { Model } from "../engines/model.ts";
import { meaningOf } from "../engines/refusal.ts";
import { askOf } from "./ask.ts";
import type { Backend } from "./backend.ts";
import { causeText } from "./cause.ts";

/** Brings the backend's stock up to date, or notes why that cannot be done. Never rejects. */
export async function scan(backend: Backend, nowMs: () => number): Promise<void> {
  const statuses = new Set<number>();
  const sinceMs = performance.now();
  let starting = false;
  const askOnce = askOf(backend);
  const ask: Ask = async (path) => {
    const reply = await askOnce(path);
    statuses.add(reply.status);
    starting ||= reply.status === 503 && meaningOf(503, reply.text) === "loading";
    return reply;
  };
  try {
    const trouble = await restock(backend, ask, nowMs);
    if (trouble !== undefined) backend.lose(refusalIn(statuses, backend) ?? trouble, starting);
  } catch (failure) {
    // one that is so busy with answers that it has no time for a look is not down
    if (codeOf(failure) === "TimeoutError" && backend.stock.up && backend.duty.aliveAtMs > sinceMs) return;
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
  let server: string | undefined;
  const listing = await engine.list(async (path) => {
    const reply = await ask(path);
    server ??= serverOf(reply);
    return reply;
  });
  if (listing === undefined) return `does not list models as ${engine.title} does (it may still be starting)`;
  if (isReplaced(backend, server, listing.models)) {
    backend.unsure = true;
    backend.server = undefined;
    return restock(backend, ask, nowMs);
  }
  backend.server = server;
  backend.restock({ ...listing, models: offered(backend, listing.models) }, nowMs());
  return undefined;
}

/** What a server says that it is. Engines that imitate each other's lists differ in this. */
function serverOf({ headers }: Reply): string {
  return `${headers.get("server") ?? ""} ${headers.get("x-powered-by") ?? ""}`;
}

/**
 * Whether another engine may have come up there between two looks: it says that it is another server, has not one of the
 * models, or says that they are somebody else's.
 */
function isReplaced(
  { settings, server: before, stock }: Backend,
  server: string | undefined,
  models: readonly Model[],
): boolean {
  if (settings.engine !== undefined || before === undefined) return false;
  const known = new Map(stock.models.map(({ id, ownedBy }) => [id, ownedBy]));
  const same = models.filter(({ id }) => known.has(id));
  const isNew = same.length === 0 && models.length > 0 && known.size > 0;
  return server !== before || isNew || same.some(({ id, ownedBy }) => known.get(id) !== ownedBy);
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
