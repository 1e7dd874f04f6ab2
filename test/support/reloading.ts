/** Changes the configuration of a router that runs, and asks which engine answers. */

import { writeFile } from "node:fs/promises";

import { backendTable } from "./backend-table.ts";
import { type RawBackend, rawBackend } from "./backend.ts";
import { listening, type Mellamo } from "./mellamo.ts";

/** An engine that says in each answer who it is. */
export function teller(name: string, models: readonly string[] = ["m"]): Promise<RawBackend> {
  return rawBackend(models, (talk) => talk.answer(200, JSON.stringify({ model: "m", from: name })));
}

/** The table of a backend that is an OpenAI-compatible server. */
export function table(name: string, { url }: { readonly url: string }, more = ""): string {
  return backendTable(name, url, `engine = "openai"\n${more}`);
}

/** An alias for the model "m" of one backend. */
export function aliasTo(backend: string, alias = "a"): string {
  return `${JSON.stringify(alias)} = { targets = [{ model = "m", backend = "${backend}" }] }\n`;
}

/** Which engine answers for a name; the status where none does. */
export async function whoAnswers(router: Pick<Mellamo, "url">, name: string): Promise<string> {
  const response = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: name, messages: [] }),
  });
  const body = (await response.json()) as { readonly from?: string };
  return response.status === 200 ? String(body.from) : String(response.status);
}

export interface Changed {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

const NONE: Changed = { added: [], removed: [], changed: [] };

/** What changed when nothing did. */
export const NOTHING = { settings: [], backends: NONE, aliases: NONE, models: NONE };

/** What `POST /mellamo/reload` answers, whichever of the two it is. */
export interface Reload {
  readonly status: number;
  readonly body: {
    readonly config?: string | null;
    readonly changed?: {
      readonly settings: readonly string[];
      readonly backends: Changed;
      readonly aliases: Changed;
      readonly models: Changed;
    };
    readonly needs_restart?: readonly string[];
    readonly error?: string;
    readonly mistakes?: readonly Readonly<Record<string, unknown>>[];
  };
}

export async function reload(router: Pick<Mellamo, "url">): Promise<Reload> {
  const response = await fetch(`${router.url}/mellamo/reload`, { method: "POST" });
  return { status: response.status, body: (await response.json()) as Reload["body"] };
}

/** Saves another configuration, where the tests' own part stays what it is, and does not wait for anything. */
export function save(router: Mellamo, toml: string): Promise<void> {
  return writeFile(router.file, listening(toml));
}

/** Saves another configuration and loads it at once; throws where it is refused. */
export async function change(router: Mellamo, toml: string): Promise<Reload["body"]> {
  await save(router, toml);
  const { status, body } = await reload(router);
  if (status !== 200) throw new Error(`Refused: ${JSON.stringify(body)}`);
  return body;
}

export interface ConfigState {
  readonly config: string | null;
  readonly config_loaded_at: string;
  readonly config_troubles: readonly string[];
  readonly needs_restart: readonly string[];
}

/** What the router says of its configuration. */
export async function configState(router: Pick<Mellamo, "url">): Promise<ConfigState> {
  return (await fetch(`${router.url}/mellamo/status`)).json() as Promise<ConfigState>;
}
