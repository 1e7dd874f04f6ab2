/** LM Studio, before and since its version 0.4, which has another list and the Anthropic dialect. */

import * as v from "valibot";

import type { Engine } from "./engine.ts";
import { type Model, modelOf } from "./model.ts";
import { listModels } from "./openai.ts";
import { CHAT_PATHS, MESSAGES } from "./paths.ts";
import { number, readRows, text } from "./read.ts";

const NewRow = v.object({
  key: v.string(),
  type: text,
  publisher: text,
  architecture: text,
  quantization: v.fallback(v.nullish(v.object({ name: text })), undefined),
  size_bytes: number,
  params_string: v.fallback(v.nullish(v.string()), undefined),
  loaded_instances: v.fallback(
    v.optional(v.array(v.object({ id: text, config: v.optional(v.object({ context_length: number })) })), []),
    [],
  ),
  max_context_length: number,
  format: v.fallback(v.nullish(v.string()), undefined),
  capabilities: v.fallback(
    v.nullish(v.object({ vision: v.optional(v.boolean()), trained_for_tool_use: v.optional(v.boolean()) })),
    undefined,
  ),
});

const OldRow = v.object({
  id: v.string(),
  type: text,
  publisher: text,
  arch: text,
  compatibility_type: text,
  quantization: text,
  // the one field that tells this list from anybody's `data`
  state: v.picklist(["loaded", "not-loaded", "loading"]),
  max_context_length: number,
  loaded_context_length: number,
  capabilities: v.fallback(v.optional(v.array(v.string()), []), []),
});

export const lmstudio: Engine = {
  name: "lmstudio",
  title: "LM Studio",
  usualPort: 1234,
  serves: new Set([...CHAT_PATHS, MESSAGES]),
  extras: { top_k: "top_k", repeat_penalty: "repeat_penalty", keep_alive: "ttl" },
  knowsCase: true,
  residency: {
    load: ({ id }, { options }) => [
      {
        path: "/api/v1/models/load",
        body: {
          model: id,
          ...(options?.["num_ctx"] === undefined ? {} : { context_length: options["num_ctx"] }),
        },
      },
    ],
    unload: ({ instances }) =>
      instances.map((instance_id) => ({ path: "/api/v1/models/unload", body: { instance_id } })),
    expires: false,
  },
  manages: false,
  async recognises(ask) {
    const [newer, older, none] = await Promise.all([
      ask("/api/v1/models"),
      ask("/api/v0/models"),
      ask("/api/none"),
    ]);
    if (readRows(newer.json, "models", NewRow)?.length) return true;
    // both lists may be empty: then its answer to paths that it does not have gives it away
    return Boolean(readRows(older.json, "data", OldRow)?.length) || lacksPath(none.text);
  },
  async list(ask) {
    const [newer, older] = await Promise.all([ask("/api/v1/models"), ask("/api/v0/models")]);
    const models =
      readRows(newer.json, "models", NewRow)?.map(readNew) ??
      readRows(older.json, "data", OldRow)?.map(readOld);
    if (models !== undefined) return { models, version: undefined };
    // before its version 0.3.6 it had OpenAI's list alone
    return lacksPath(newer.text) && lacksPath(older.text) ? listModels(ask) : undefined;
  },
  lacks: (_, body) => lacksPath(body),
};

/** It answers an unknown path with status 200. */
function lacksPath(body: string): boolean {
  return body.startsWith('{"error":"Unexpected endpoint or method');
}

function readNew(row: v.InferOutput<typeof NewRow>): Model {
  const [instance] = row.loaded_instances;
  const chats = row.type !== "embedding";
  return modelOf(row.key, {
    loaded: instance !== undefined,
    fixed: false,
    instances: row.loaded_instances.map((one) => one.id || row.key),
    sizeBytes: row.size_bytes ?? 0,
    ownedBy: row.publisher,
    format: row.format ?? "",
    family: row.architecture,
    parameterSize: row.params_string ?? "",
    quantization: row.quantization?.name ?? "",
    contextLength: instance?.config?.context_length ?? row.max_context_length,
    capabilities: [
      chats ? "completion" : "embedding",
      ...(row.capabilities?.trained_for_tool_use === true ? ["tools"] : []),
      ...(row.capabilities?.vision === true ? ["vision"] : []),
    ],
  });
}

function readOld(row: v.InferOutput<typeof OldRow>): Model {
  return modelOf(row.id, {
    loaded: row.state === "loaded",
    loading: row.state === "loading",
    fixed: false,
    ownedBy: row.publisher,
    format: row.compatibility_type,
    family: row.arch,
    quantization: row.quantization,
    contextLength: row.loaded_context_length ?? row.max_context_length,
    capabilities: [
      row.type === "embeddings" ? "embedding" : "completion",
      ...(row.capabilities.includes("tool_use") ? ["tools"] : []),
      ...(row.type === "vlm" ? ["vision"] : []),
    ],
  });
}
