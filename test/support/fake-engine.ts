/** A server that answers from a table of paths, as engines answer calls about themselves. */

import type { BackendSettings } from "../../src/config/config.ts";
import { Backend } from "../../src/fleet/backend.ts";

/** Never answers. */
export const SILENCE = Symbol("silence");

/** What a path answers: `SILENCE`, a text, a function that makes the answer, or any JSON. */
export type Page = unknown;

/** Pages by path, and what all other paths answer. */
export interface Pages {
  readonly pages: Readonly<Record<string, Page>>;
  readonly others?: (path: string, method: string) => Response | typeof SILENCE;
}

export interface FakeEngine extends AsyncDisposable {
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Answers like another engine from now on, as if that had taken the port. */
  become(pages: Pages): void;
  /** Answers this path so from now on. */
  say(path: string, page: Page): void;
  /** Stops listening. */
  stop(): Promise<void>;
}

export function fakeEngine(first: Pages): FakeEngine {
  const asked: string[] = [];
  let now = first;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      asked.push(pathname + search);
      const { pages, others = notFound } = now;
      const answer = pathname in pages ? answerOf(pages[pathname]) : others(pathname, request.method);
      return answer instanceof Response ? answer : new Promise<Response>(() => {});
    },
  });
  const stop = (): Promise<void> => server.stop(true);
  return {
    url: server.url.origin,
    asked,
    become(pages) {
      now = pages;
    },
    say(path, page) {
      now = { ...now, pages: { ...now.pages, [path]: page } };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** One that has these pages; it knows no other path by GET, and answers `rest` to all else. */
export function canned(pages: Pages["pages"], rest: (path: string) => Response = notFound): FakeEngine {
  return fakeEngine({ pages, others: (path, method) => (method === "GET" ? notFound() : rest(path)) });
}

function answerOf(page: Page): Response | typeof SILENCE {
  if (page === SILENCE) return SILENCE;
  if (typeof page === "string") return new Response(page);
  if (typeof page === "function") return (page as () => Response)(); // the one kind of function a page may be
  return Response.json(page);
}

function notFound(): Response {
  return new Response("404 page not found", { status: 404 });
}

/** A backend at this URL, with settings as they are by default but for these. */
export function backendAt(origin: string, settings: Partial<BackendSettings> = {}): Backend {
  return new Backend({
    name: new URL(origin).host,
    origin,
    engine: undefined,
    priority: 100,
    weight: 1,
    limits: { maxInflight: undefined, failures: 3, pauseMs: 1000, maxPauseMs: 60_000 },
    timeouts: { connectMs: 2000, firstByteMs: 600_000, idleMs: 300_000 },
    key: undefined,
    include: ["*"],
    exclude: [],
    preload: [],
    parameters: undefined,
    probeIntervalMs: 60_000,
    probeTimeoutMs: 5000,
    presumed: false,
    ...settings,
  });
}
