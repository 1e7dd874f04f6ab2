/**
 * An Ollama that keeps models in memory as a real one does: requests bring them in, its clock or a `keep_alive` of 0 takes
 * them out, and where there is no room the one that was asked least lately makes way.
 */

import { keepAliveMs } from "../../src/domain/keep-alive.ts";
import { ollamaLists, tagsRow } from "./ollama-lists.ts";
import type { WarmCall, WarmOllama, WarmOptions } from "./warm-ollama-shape.ts";

export type { WarmCall, WarmOllama, WarmOptions };

interface Loaded {
  readonly context: number;
  leavesAtMs: number;
}

const UNSAID_CONTEXT = 4096;

export function warmOllama(models: readonly string[], options: WarmOptions = {}): WarmOllama {
  const { aheadMs = 0, now = Date.now, stayMs = 300_000, room = Infinity, embedders = [] } = options;
  const listed = new Set(models.map(named));
  const memory = new Map<string, Loaded>();
  const calls: WarmCall[] = [];
  const expired: string[] = [];
  const gates = new Map<string, Promise<void>>();
  const failures = new Map<string, string>();
  let looks = 0;
  let loads = 0;
  let mostLoads = 0;

  function expire(): void {
    for (const [model, { leavesAtMs }] of memory) {
      if (leavesAtMs > now()) continue;
      memory.delete(model);
      expired.push(model);
    }
  }

  /** Resolves to why it cannot be loaded. */
  async function bringIn(model: string, context: number | undefined): Promise<string | undefined> {
    expire();
    if (failures.has(model)) return failures.get(model);
    const known = memory.get(model);
    if (known !== undefined && (context ?? known.context) === known.context) return undefined;
    mostLoads = Math.max(mostLoads, ++loads);
    await gates.get(model);
    loads--;
    if (failures.has(model)) return failures.get(model);
    memory.delete(model);
    memory.set(model, { context: context ?? UNSAID_CONTEXT, leavesAtMs: Infinity });
    for (const [other] of memory) if (memory.size > room) memory.delete(other);
    return undefined;
  }

  function keep(model: string, keepAlive: unknown): void {
    const loaded = memory.get(model);
    memory.delete(model);
    const forMs = keepAliveMs(keepAlive) ?? stayMs;
    if (loaded !== undefined && forMs > 0) memory.set(model, { ...loaded, leavesAtMs: now() + forMs });
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url);
    const lists = ollamaLists(
      [...listed].map((model) => tagsRow(model)),
      running(),
    );
    if (path === "/api/ps") looks++;
    if (request.method === "GET") return path in lists ? Response.json(lists[path]) : nowhere();
    const body = (await request.json()) as Readonly<Record<string, unknown>>;
    const model = named(String(body["model"]));
    calls.push({ path, body, model, get isGivenUp() { return request.signal.aborted; } }); // prettier-ignore
    if (path === "/api/delete") return (void remove(model), new Response());
    if (!listed.has(model))
      return Response.json({ error: `model '${body["model"]}' not found` }, { status: 404 });
    if (path === "/api/show")
      return Response.json({ details: {}, model_info: {}, capabilities: ["completion"] });
    return work(path, model, body);
  }

  async function work(path: string, model: string, body: WarmCall["body"]): Promise<Response> {
    const { keep_alive: keepAlive, prompt = "", messages = [], options: asked } = body;
    const isEmpty = path === "/api/chat" ? (messages as []).length === 0 : prompt === "";
    const reply = { model: body["model"], created_at: new Date().toISOString(), done: true };
    const talks = ["/api/generate", "/api/chat"].includes(path);
    if (talks && isEmpty && keepAliveMs(keepAlive) === 0) {
      memory.delete(model);
      return Response.json({ ...reply, response: "", done_reason: "unload" });
    }
    if (path !== "/api/embed" && embedders.map(named).includes(model))
      return Response.json(
        { error: `"${body["model"]}" does not support ${path.slice(5)}` },
        { status: 400 },
      );
    const failure = await bringIn(model, (asked as { num_ctx?: number } | undefined)?.num_ctx);
    if (failure !== undefined) return Response.json({ error: failure }, { status: 500 });
    keep(model, keepAlive);
    return Response.json({ ...reply, response: isEmpty ? "" : "Hi", done_reason: isEmpty ? "load" : "stop" });
  }

  function running(): object[] {
    expire();
    return [...memory].map(([model, { context, leavesAtMs }]) => {
      const at = new Date(Math.min(leavesAtMs, Date.parse("2318-01-01")) + aheadMs);
      return { ...tagsRow(model), expires_at: at.toISOString(), context_length: context };
    });
  }

  function remove(model: string): void {
    listed.delete(named(model));
    memory.delete(named(model));
  }

  const serve = (port: number) =>
    Bun.serve({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      async fetch(request) {
        const response = await answer(request);
        response.headers.set("date", new Date(now() + aheadMs).toUTCString());
        return response;
      },
    });
  let server = serve(0);
  const { port = 0 } = server;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    expired,
    memory: () => (expire(), [...memory.keys()]),
    contextOf: (model) => memory.get(named(model))?.context,
    looks: () => looks,
    mostLoads: () => mostLoads,
    hold(model) {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.set(named(model), promise);
      return resolve;
    },
    fail: (model, error) =>
      void (error === undefined ? failures.delete(named(model)) : failures.set(named(model), error)),
    take(model) {
      memory.set(named(model), { context: UNSAID_CONTEXT, leavesAtMs: Infinity });
      for (const [other] of memory) if (memory.size > room) memory.delete(other);
    },
    drop: (...gone) =>
      void (gone.length === 0 ? memory.clear() : gone.forEach((one) => memory.delete(named(one)))),
    pull: (model) => void listed.add(named(model)),
    remove,
    async stop() {
      await server.stop(true);
      memory.clear();
    },
    start: () => void (server = serve(port)),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

function named(model: string): string {
  return model.includes(":") ? model : `${model}:latest`;
}

function nowhere(): Response {
  return new Response("404 page not found", { status: 404 });
}
