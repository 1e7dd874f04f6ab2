/** Asks a router for a model in the ways that gollamas' clients do, with the requests of captures. */

import { nameIn } from "./captured-names.ts";
import { capture } from "./captures.ts";
import type { Mellamo } from "./mellamo.ts";
import { WANTED } from "./replay.ts";

/** The captures of the calls that gollamas serves: what each asks, and how an Ollama answers. */
export const CALLS = [
  "chat",
  "chat-stream",
  "generate",
  "generate-stream",
  "embed",
  "embeddings",
  "show",
  "v1-chat",
  "v1-chat-stream",
  "v1-completions",
  "v1-embeddings",
] as const;

export interface Heard {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

/** Makes a captured call for another model. */
export async function askLike(
  name: (typeof CALLS)[number],
  router: Pick<Mellamo, "url">,
  model: string,
): Promise<Heard> {
  const { request } = capture(`ollama-${name}`);
  if (request?.body === undefined) throw new Error(`${name} does not keep all of its request`);
  const captured = nameIn(request.body) ?? "";
  const body = request.body.toString().replace(JSON.stringify(captured), JSON.stringify(model));
  const answer = await fetch(router.url + request.path, {
    method: request.method,
    headers: { "content-type": "application/json", [WANTED]: `ollama-${name}` },
    body,
  });
  return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
}

/** What an Ollama answers to it, had it been asked for this model. */
export function answerLike(
  name: (typeof CALLS)[number],
  model: string,
): Heard & { readonly name: typeof name } {
  const { request, status, headers, body } = capture(`ollama-${name}`);
  const captured = (request?.body && nameIn(request.body)) ?? "";
  const text = body.toString().replaceAll(`"model":"${captured}"`, `"model":"${model}"`);
  const [, type = null] = headers.find(([key]) => key.toLowerCase() === "content-type") ?? [];
  return { name, status, type, body: text };
}

/** The names in both of the lists of models, which are the same but for the tag that Ollama's always has. */
export async function listed(router: Pick<Mellamo, "url">): Promise<string[]> {
  const [tags, models] = await Promise.all(
    ["/api/tags", "/v1/models"].map(async (path) => (await fetch(router.url + path)).json()),
  );
  const ollama = (tags as { readonly models: readonly { readonly name: string }[] }).models;
  const openai = (models as { readonly data: readonly { readonly id: string }[] }).data;
  const names = ollama.map(({ name }) => name.replace(/:latest$/, "")).toSorted();
  const ids = openai.map(({ id }) => id.replace(/:latest$/, "")).toSorted();
  if (!Bun.deepEquals(names, ids))
    throw new Error(`${names.join(" ")} in one list, ${ids.join(" ")} in the other`);
  return names;
}
