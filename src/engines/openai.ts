/** Any server with OpenAI's paths of which no more is known. */

import * as v from "valibot";

import type { Ask, Engine, Listing } from "./engine.ts";
import { modelOf } from "./model.ts";
import { CHAT_PATHS, RERANK, TRANSCRIPTION, TRANSLATION } from "./paths.ts";
import { number, readRows, text } from "./read.ts";

const ModelRow = v.object({ id: v.string(), owned_by: text, max_model_len: number });

export const openai: Engine = {
  name: "openai",
  title: "OpenAI-compatible",
  usualPort: undefined,
  serves: new Set([
    ...CHAT_PATHS,
    RERANK,
    TRANSCRIPTION,
    TRANSLATION,
    "/v1/audio/speech",
    "/v1/images/generations",
    "/v1/images/edits",
  ]),
  extras: {},
  manages: false,
  recognises: async (ask) => (await listModels(ask)) !== undefined,
  list: listModels,
  lacks: lacksPath,
};

/** The models of `/v1/models`, which are always loaded as far as anybody can tell. */
export async function listModels(ask: Ask): Promise<Listing | undefined> {
  const rows = readRows((await ask("/v1/models")).json, "data", ModelRow);
  if (rows === undefined) return undefined;
  const models = rows.map((row) =>
    modelOf(row.id, { ownedBy: row.owned_by, contextLength: row.max_model_len }),
  );
  return { models, version: undefined };
}

/** Who owns the models of `/v1/models`: some engines put their own name there. */
export async function modelOwners(ask: Ask): Promise<string[]> {
  return (readRows((await ask("/v1/models")).json, "data", ModelRow) ?? []).map((row) => row.owned_by);
}

/**
 * Whether there is no such path. A server that knows the path and lacks the model says so in words of its own: in an
 * `error` object, or as FastAPI's `detail`. Web frameworks have fixed words or a page, and OpenAI speaks of an invalid
 * URL.
 */
export function lacksPath(status: number, body: string): boolean {
  if (status === 405) return true;
  if (status !== 404) return false;
  if (/^\s*\{"detail"\s*:/.test(body)) return /^\s*\{"detail"\s*:\s*"Not Found"\s*\}\s*$/.test(body);
  return !/"(error|message)"\s*:/.test(body) || body.includes("Invalid URL");
}
