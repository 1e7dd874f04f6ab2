/** What a router shows of models, and on which paths it serves them, where `[listing] only` leaves some out. */

import { type RawBackend, rawBackend } from "./backend.ts";
import type { Mellamo } from "./mellamo.ts";

type Router = Pick<Mellamo, "url">;

/** Every path that asks an Ollama for something, in all three dialects. */
export const ASKING = [
  "/api/chat",
  "/api/generate",
  "/api/embed",
  "/api/embeddings",
  "/api/show",
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/responses",
  "/v1/messages",
] as const;

/** An Ollama that answers whatever it is asked with its own name and the model's. */
export async function tellingOllama(name: string, models: readonly string[]): Promise<RawBackend> {
  const engine = await rawBackend(
    models,
    (talk) => {
      const model = modelIn(talk.body);
      // whoever asks it for nothing wants the model in memory
      if (talk.path === "/api/generate" && !talk.body.includes("messages")) engine.list(models, [model]);
      return talk.answer(200, JSON.stringify({ from: name, of: model }));
    },
    "ollama",
  );
  return engine;
}

/** The model that a body asks for. */
export function modelIn(body: Buffer): string {
  return (JSON.parse(body.toString()) as { model: string }).model;
}

/** The names that each list has, sorted. */
export async function listsOf(router: Router): Promise<{ tags: string[]; ps: string[]; models: string[] }> {
  const [tags, ps, models] = await Promise.all(
    ["/api/tags", "/api/ps", "/v1/models"].map(async (path) => {
      const { models: rows, data } = (await (await fetch(router.url + path)).json()) as {
        readonly models?: readonly { readonly name: string }[];
        readonly data?: readonly { readonly id: string }[];
      };
      return [...(rows ?? []).map(({ name }) => name), ...(data ?? []).map(({ id }) => id)].toSorted();
    }),
  );
  return { tags: tags ?? [], ps: ps ?? [], models: models ?? [] };
}

export function askFor(router: Router, model: string, path: string = "/api/chat"): Promise<Response> {
  return fetch(router.url + path, {
    method: "POST",
    body: JSON.stringify({ model, messages: [], max_tokens: 1 }),
  });
}

/** The status of a name on every path. */
export async function statuses(router: Router, model: string): Promise<Record<string, number>> {
  const all = ASKING.map(async (path) => [path, (await askFor(router, model, path)).status] as const);
  const byId = fetch(`${router.url}/v1/models/${encodeURIComponent(model)}`);
  return { ...Object.fromEntries(await Promise.all(all)), "/v1/models/{id}": (await byId).status };
}

/** The statuses of a name that is answered alike everywhere. */
export function everywhere(status: number): Record<string, number> {
  return Object.fromEntries([...ASKING, "/v1/models/{id}"].map((path) => [path, status]));
}

/** Which backends answer for a name when it is asked often, with the model's name there; the status where none does. */
export async function answerers(router: Router, model: string, times = 4): Promise<string[]> {
  const seen = new Set<string>();
  for (let time = 0; time < times; time++) {
    const answer = await askFor(router, model);
    const { from, of } = (await answer.json()) as { readonly from?: string; readonly of?: string };
    seen.add(answer.status === 200 ? `${from} ${of}` : String(answer.status));
  }
  return [...seen].toSorted();
}
