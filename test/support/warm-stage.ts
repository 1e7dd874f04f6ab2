/** A router that keeps models in the memory of Ollamas, and what it says of them. */

import { backendTable } from "./backend-table.ts";
import { eventually } from "./eventually.ts";
import { type Mellamo, mellamo } from "./mellamo.ts";
import type { WarmOllama } from "./warm-ollama.ts";

type Router = Pick<Mellamo, "url">;

/** Of one name that is to be in memory: what `/mellamo/status` tells. */
export interface PreloadState {
  readonly name: string;
  readonly model: string | null;
  readonly state: string;
  readonly why: string;
}

/** An engine, and the names that are to be in its memory; `more` are further lines of its table. */
export interface Warm {
  readonly engine: Pick<WarmOllama, "url">;
  readonly preload: readonly string[];
  readonly more?: string;
}

/** Looks are frequent, and never late on a busy machine, unless the configuration says otherwise. */
export const HEALTH = '[health]\nprobe_interval = "50ms"\nprobe_timeout = "30s"\n';

export function warmToml(warm: Readonly<Record<string, Warm>>, toml = "", health = HEALTH): string {
  const tables = Object.entries(warm).map(([name, { engine, preload, more = "" }]) =>
    backendTable(name, engine.url, `preload = ${JSON.stringify(preload)}\n${more}`),
  );
  return `${toml}\n${health}${tables.join("")}`;
}

/** It looks at each engine before this resolves, and may have begun to load. */
export async function warmRouter(
  warm: Readonly<Record<string, Warm>>,
  toml = "",
  health = HEALTH,
): Promise<Mellamo> {
  const router = await mellamo(warmToml(warm, toml, health));
  for (const name of Object.keys(warm))
    await router.log.until(new RegExp(`event="backend (up|down)" backend=${RegExp.escape(name)} `));
  return router;
}

export async function preloads(router: Router, backend: string): Promise<readonly PreloadState[]> {
  const response = await fetch(`${router.url}/mellamo/status`);
  const { backends } = (await response.json()) as {
    readonly backends: readonly { readonly name: string; readonly preload: readonly PreloadState[] }[];
  };
  return backends.find(({ name }) => name === backend)?.preload ?? [];
}

/** The states of a backend's preloads, in their order, once they are these. */
export function untilStates(
  router: Router,
  backend: string,
  states: readonly string[],
): Promise<readonly string[]> {
  return eventually(
    async () => (await preloads(router, backend)).map(({ state }) => state),
    (seen) => Bun.deepEquals(seen, states),
  );
}

/** Resolves once the router has looked at its backends twice more: whatever a look leads to has begun. */
export async function looksPass(engine: Pick<WarmOllama, "looks">): Promise<void> {
  const before = engine.looks();
  await eventually(engine.looks, (looks) => looks > before + 2);
}

export function say(router: Router, path: string, body: object): Promise<Response> {
  return fetch(router.url + path, { method: "POST", body: JSON.stringify(body) });
}
