/** Ollama, and whatever has its API and is not known to be something else. */

import * as v from "valibot";

import type { Ask, Engine } from "./engine.ts";
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

const TagsRow = v.looseObject({
  name: v.string(),
  model: text,
  modified_at: text,
  size: number,
  digest: text,
  details: v.fallback(v.optional(Details, {}), v.getDefaults(Details)),
  capabilities: v.fallback(v.optional(v.array(v.string()), []), []),
});

const PsRow = v.looseObject({ name: v.string(), digest: text, context_length: number });

export const ollama: Engine = {
  name: "ollama",
  title: "Ollama",
  usualPort: 11434,
  serves: new Set([...OLLAMA_PATHS, ...CHAT_PATHS, MESSAGES, TRANSCRIPTION]),
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
    const [tags, ps, version] = await Promise.all([ask("/api/tags"), ask("/api/ps"), ask("/api/version")]);
    const rows = readRows(tags.json, "models", TagsRow);
    if (rows === undefined) return undefined;
    const running = readRows(ps.json, "models", PsRow) ?? [];
    return { models: rows.map((row) => readModel(row, running)), version: readText(version.json, "version") };
  },
  lacks: (status, body) => status === 404 && body.startsWith("404 page not found"),
};

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
  row: v.InferOutput<typeof TagsRow>,
  running: readonly v.InferOutput<typeof PsRow>[],
): Model {
  const id = row.model || row.name;
  // `/api/ps` shows one name for each model file; a copy of a loaded model has its digest
  const psRow =
    running.find(({ name }) => name === id) ??
    running.find(({ digest }) => digest !== "" && digest === row.digest);
  const { details } = row;
  return modelOf(id, {
    loaded: psRow !== undefined,
    sizeBytes: row.size ?? 0,
    digest: row.digest,
    modifiedAt: row.modified_at,
    ownedBy: "library",
    format: details.format,
    family: details.family,
    parameterSize: details.parameter_size,
    quantization: details.quantization_level,
    contextLength: psRow?.context_length ?? details.context_length,
    capabilities: row.capabilities,
    tagsRow: row,
    psRow,
  });
}
