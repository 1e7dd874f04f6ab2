/** An Ollama behind a router whose configuration asks something of its models; what comes of a request is what it gets. */

import { type RawBackend, rawBackend } from "./backend.ts";
import type { Mellamo } from "./mellamo.ts";
import { type BackendTable, routerOver } from "./over.ts";

/** Ollama's own paths that ask a model for something. */
export const PATHS = ["/api/chat", "/api/generate", "/api/embed", "/api/embeddings"] as const;

export interface Stage extends AsyncDisposable {
  readonly engine: RawBackend;
  readonly router: Mellamo;
  /** Sends a body, and returns the one that the engine gets. */
  sent(body: string, path?: string): Promise<string>;
  post(body: string | Uint8Array, path?: string): Promise<Response>;
}

/** Looks are taken for a reason alone. */
export const QUIET = '[health]\nprobe_interval = "1h"\nprobe_timeout = "30s"\nfailures = 1000\n';

/** An Ollama that has these models and says nothing of interest. */
export function ollama(models: readonly string[]): Promise<RawBackend> {
  return rawBackend(models, (talk) => talk.answer(200, '{"done":true}'), "ollama");
}

export function post(
  router: Pick<Mellamo, "url">,
  body: string | Uint8Array,
  path = "/api/chat",
): Promise<Response> {
  return fetch(router.url + path, { method: "POST", body });
}

/** `toml` is the configuration but for the backend `gpu`, whose further lines are in `table`. */
export async function stageOf(
  models: readonly string[],
  toml: string,
  table: Partial<BackendTable> = {},
): Promise<Stage> {
  await using starting = new AsyncDisposableStack();
  const engine = starting.use(await ollama(models));
  const gpu = { url: engine.url, engine: "ollama", ...table };
  const router = starting.use(await routerOver({ gpu }, QUIET + toml));
  const started = starting.move();
  return {
    engine,
    router,
    post: (body, path) => post(router, body, path),
    async sent(body, path) {
      const index = engine.talks.length;
      const answer = await post(router, body, path);
      const heard = await answer.text();
      if (answer.status !== 200) throw new Error(`${answer.status}: ${heard}`);
      return (await engine.talk(index)).body.toString();
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
