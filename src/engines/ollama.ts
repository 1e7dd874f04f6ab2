/** Ollama, and whatever has its API and is not known to be something else. */

import * as v from "valibot";

import { sentKeepAlive } from "../domain/parameters.ts";
import type { Ask, Engine, Reply } from "./engine.ts";
import { type Model, modelOf } from "./model.ts";
import { CHAT_PATHS, MESSAGES, OLLAMA_PATHS, TRANSCRIPTION } from "./paths.ts";
import { number, readRows, readText, text } from "./read.ts";

const Details = v.object({
  format: text,
  family: text,
  parameter_size: text,
  quantization_level: text,
  context_length: number,
});

const TagsFields = v.object({
  name: text,
  model: text,
  modified_at: text,
  size: number,
  digest: text,
  details: v.fallback(v.optional(Details, {}), v.getDefaults(Details)),
  capabilities: v.fallback(v.optional(v.array(v.string()), []), []),
});

const PsFields = v.object({ name: text, digest: text, context_length: number, expires_at: text });

/** What is read of a row, and the row itself: lists pass it on with every field it has, and none that it lacks. */
const TagsRow = v.pipe(
  v.looseObject({ name: v.string() }),
  v.transform((row) => ({ ...v.parse(TagsFields, row), row })),
);
const PsRow = v.pipe(
  v.looseObject({ name: v.string() }),
  v.transform((row) => ({ ...v.parse(PsFields, row), row })),
);

export const ollama: Engine = {
  name: "ollama",
  title: "Ollama",
  usualPort: 11434,
  serves: new Set([...OLLAMA_PATHS, ...CHAT_PATHS, MESSAGES, TRANSCRIPTION]),
  // its OpenAI paths have no more than OpenAI
  extras: {},
  ignores: new Set(["max_completion_tokens"]),
  residency: {
    load: ({ id: model }, values) => {
      const body = { model, options: values.options, keep_alive: sentKeepAlive(values) };
      return [
        { path: "/api/generate", body: { ...body, stream: false } },
        // a model that does nothing but embed
        { path: "/api/embed", body },
      ];
    },
    unload: ({ id: model }) => [{ path: "/api/generate", body: { model, keep_alive: 0, stream: false } }],
    expires: true,
  },
  manages: true,
  async recognises(ask) {
    const [tags, root, shim] = await Promise.all([ask("/api/tags"), ask("/"), isShim(ask)]);
    if (shim) return false;
    const rows = readRows(tags.json, "models", TagsRow);
    // engines that imitate Ollama's lists have no real digests: LocalAI and SGLang write "sha256:…"
    if (rows !== undefined) return !rows.some(({ digest }) => digest.startsWith("sha256:"));
    return root.text.trim() === "Ollama is running";
  },
  async list(ask) {
    // one that is busy may be slow to say what it runs, and has its models all the same
    const [tags, ps, version] = await Promise.all([
      ask("/api/tags"),
      ask("/api/ps").catch(() => undefined),
      ask("/api/version").catch(() => undefined),
    ]);
    const rows = readRows(tags.json, "models", TagsRow);
    if (rows === undefined) return undefined;
    const running = readRows(ps?.json, "models", PsRow) ?? [];
    const byName = new Map(running.map((row) => [row.name, row]));
    // `/api/ps` shows one name for each model file; a copy of a loaded model has its digest
    const byDigest = new Map(running.filter(({ digest }) => digest !== "").map((row) => [row.digest, row]));
    const nowMs = ps === undefined ? Date.now() : clockOf(ps);
    const models = rows.map((row) => {
      const id = row.model || row.name;
      return readModel(id, row, byName.get(id) ?? byDigest.get(row.digest), nowMs);
    });
    return {
      models,
      version: readText(version?.json, "version"),
      busy: ps === undefined || version === undefined,
    };
  },
  lacks: (status, body) => status === 404 && body.startsWith("404 page not found"),
};

/** A clock that differs by less is right: its header tells no more than the second. */
const SKEW_MS = 2000;

/** The second that a header tells may be nearly over: rather too late than too early. */
const SECOND_MS = 999;

/** What time it is by the clock of the engine's machine, which may be wrong. In milliseconds since 1970. */
function clockOf({ headers }: Reply): number {
  const nowMs = Date.now();
  const toldMs = Date.parse(headers.get("date") ?? "");
  return Math.abs(toldMs - nowMs) > SKEW_MS ? toldMs + SECOND_MS : nowMs;
}

/** Lemonade and LocalAI answer Ollama's paths too, and have paths of their own that no Ollama has. */
async function isShim(ask: Ask): Promise<boolean> {
  const [lemonade, localai] = await Promise.all([ask("/api/v1/health"), ask("/system")]);
  const markers = [
    [lemonade.json, "model_loaded"],
    [lemonade.json, "all_models_loaded"],
    [localai.json, "backends"],
  ] as const;
  return markers.some(([json, key]) => typeof json === "object" && json !== null && key in json);
}

function readModel(
  id: string,
  listed: v.InferOutput<typeof TagsRow>,
  runs: v.InferOutput<typeof PsRow> | undefined,
  nowMs: number,
): Model {
  const { details, row } = listed;
  return modelOf(id, {
    loaded: runs !== undefined,
    fixed: false,
    expiresInMs: expiresInMs(runs?.expires_at, nowMs),
    sizeBytes: listed.size ?? 0,
    digest: listed.digest,
    modifiedAt: listed.modified_at,
    ownedBy: "library",
    format: details.format,
    family: details.family,
    parameterSize: details.parameter_size,
    quantization: details.quantization_level,
    contextLength: runs?.context_length ?? details.context_length,
    capabilities: listed.capabilities,
    tagsRow: row,
    psRow: runs?.row,
  });
}

function expiresInMs(at: string | undefined, nowMs: number): number {
  const atMs = Date.parse(at ?? "");
  return Number.isNaN(atMs) ? Infinity : Math.max(0, atMs - nowMs);
}
