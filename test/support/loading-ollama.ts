/**
 * An Ollama that loads models as real ones do: anew for every request whose context, or any other option of loading,
 * differs from those that the model was loaded with. It has the models "m" and "n".
 */

import { ollamaLists, tagsRow } from "./ollama-lists.ts";

/** What a model has that nobody asks more of. */
export const USUAL_CONTEXT = 4096;
const USUAL_STAY_MS = 300_000;

/** Those that have to do with loading. */
const OF_LOADING = ["num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread"];

interface Body {
  readonly model: string;
  readonly options?: Readonly<Record<string, unknown>> | null;
  readonly keep_alive?: number | string;
  readonly prompt?: string;
  readonly messages?: readonly unknown[];
  readonly input?: unknown;
}

interface Loaded {
  readonly options: string;
  readonly context: number;
  expiresAtMs: number;
}

export interface LoadingOllama extends AsyncDisposable {
  readonly url: string;
  /** The contexts that models were loaded with, one for each load. */
  readonly contexts: readonly number[];
  /** How many of the loads were of a model that was loaded already, but otherwise. */
  readonly reloads: () => number;
}

export function loadingOllama(): LoadingOllama {
  const rows = ["m", "n"].map((name) => tagsRow(`${name}:latest`));
  const memory = new Map<string, Loaded>();
  const contexts: number[] = [];
  let reloads = 0;

  /** Returns why it was asked, as answers say. */
  function take(path: string, { model, options, keep_alive: stay, ...body }: Body): string {
    const name = model.includes(":") ? model : `${model}:latest`;
    const says = Boolean(body.prompt || body.messages?.length || body.input);
    const stayMs = lengthMs(stay);
    if (!says && stayMs === 0) {
      memory.delete(name);
      return "unload";
    }
    // its OpenAI paths take none of the options of loading
    const wanted = path.startsWith("/api/") ? (options ?? {}) : {};
    const context = Number(wanted["num_ctx"] ?? USUAL_CONTEXT);
    const ofLoading = JSON.stringify(OF_LOADING.map((key) => (key === "num_ctx" ? context : wanted[key])));
    const there = inMemory(name);
    if (there?.options !== ofLoading) {
      if (there !== undefined) reloads++;
      contexts.push(context);
    }
    memory.set(name, { options: ofLoading, context, expiresAtMs: Date.now() + stayMs });
    return says ? "stop" : "load";
  }

  function inMemory(name: string): Loaded | undefined {
    const loaded = memory.get(name);
    return loaded !== undefined && loaded.expiresAtMs > Date.now() ? loaded : undefined;
  }

  function running(): object[] {
    return rows.flatMap((row) => {
      const loaded = inMemory(String(row["name"]));
      if (loaded === undefined) return [];
      const expires = new Date(Math.min(loaded.expiresAtMs, Date.parse("2318-01-01"))).toISOString();
      return [{ ...row, expires_at: expires, size_vram: 1, context_length: loaded.context }];
    });
  }

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const list = ollamaLists(rows, running())[pathname];
      if (request.method === "GET")
        return list === undefined ? new Response("404 page not found", { status: 404 }) : Response.json(list);
      const body = (await request.json()) as Body;
      const reason = take(pathname, body);
      return Response.json({ model: body.model, done: true, done_reason: reason });
    },
  });
  return {
    url: server.url.origin,
    contexts,
    reloads: () => reloads,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function lengthMs(stay: Body["keep_alive"]): number {
  if (stay === undefined) return USUAL_STAY_MS;
  const [, count, unit = "s"] = /^(-?[\d.]+)(ms|s|m|h)?$/.exec(String(stay)) ?? [];
  const ms = Number(count) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? Number.NaN);
  if (Number.isNaN(ms)) throw new Error(`No keep_alive: ${stay}`);
  return ms < 0 ? Infinity : ms;
}
