/** A router over two engines that have a model between them, of which the first is asked first. */

import { type Behaviour, type RawBackend, rawBackend, type Talk } from "./backend.ts";
import type { Mellamo } from "./mellamo.ts";
import { type BackendTable, routerOver } from "./over.ts";
import { REQUEST_ID, type Shape } from "./shapes.ts";
import { backendNamed, type BackendState } from "./status.ts";

type Value = string | number | boolean;

/** Sections of a configuration. */
export type Sections = Readonly<Record<string, Readonly<Record<string, Value>>>>;

export interface Pair extends AsyncDisposable {
  readonly first: RawBackend;
  readonly second: RawBackend;
  readonly router: Mellamo;
  /** Asks for `m`, which both have, or for `alone`, which only the first has; `mark` tells engines who asks. */
  ask(model?: "m" | "alone", mark?: string): Promise<Response>;
  /** What is known of the first. */
  state(): Promise<BackendState>;
}

/** What an engine of this name answers while nothing is wrong. */
export function goodFor(name: string): Behaviour {
  return (talk) => talk.answer(200, JSON.stringify({ by: name }));
}

/** `sections` and `table`, of the first backend, say what differs from a quiet configuration. */
export async function pairOf(
  { engine, kind, path }: Shape,
  sections: Sections = {},
  table: Partial<BackendTable> = {},
): Promise<Pair> {
  await using starting = new AsyncDisposableStack();
  const first = starting.use(await rawBackend(["m", "alone"], goodFor("first"), kind));
  const second = starting.use(await rawBackend(["m"], goodFor("second"), kind));
  const router = starting.use(
    await routerOver(
      {
        first: { url: first.url, engine, priority: 200, ...table },
        second: { url: second.url, engine },
      },
      tomlOf(sections),
    ),
  );
  const started = starting.move();
  return {
    first,
    second,
    router,
    ask: (model = "m", mark) => chat(router, path, model, mark),
    state: () => backendNamed("first", router),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

export function chat(
  router: Pick<Mellamo, "url">,
  path: string,
  model: string,
  mark?: string,
): Promise<Response> {
  return fetch(router.url + path, {
    method: "POST",
    headers: { "x-request-id": REQUEST_ID },
    body: JSON.stringify({ model, mark, messages: [], max_tokens: 1 }),
  });
}

/** The mark of a request; "" where it has none. */
export function markOf({ body }: Pick<Talk, "body">): string {
  const { mark = "" } = JSON.parse(body.toString()) as { readonly mark?: string };
  return mark;
}

/** An answer as a test compares it. `attempts` are the tries at backends that it took. */
export interface Heard {
  readonly status: number;
  readonly attempts: number;
  readonly body: unknown;
}

export async function heard(answer: Response): Promise<Heard> {
  const { status, headers } = answer;
  return { status, attempts: Number(headers.get("x-mellamo-attempts")), body: await answer.json() };
}

/** Looks are taken for a reason alone, are never late on a busy machine, and no breaker opens. */
const QUIET = { probe_interval: "1h", probe_timeout: "30s", failures: 1000 };

/** The text of a configuration that is quiet but for what it says. */
export function tomlOf(sections: Sections): string {
  const { health, ...others } = sections;
  const all: Sections = { health: { ...QUIET, ...health }, ...others };
  return Object.entries(all)
    .map(([name, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
      return [`[${name}]`, ...lines, ""].join("\n");
    })
    .join("\n");
}
