/** llama-server of llama.cpp: one fixed model, or a router over several. */

import * as v from "valibot";

import type { Engine } from "./engine.ts";
import { type Model, modelOf } from "./model.ts";
import { CHAT_PATHS, COUNT_TOKENS, MESSAGES, RERANK, TRANSCRIPTION } from "./paths.ts";
import { humanCount, number, readRows, readText, text } from "./read.ts";

const Meta = v.object({ n_ctx: number, n_ctx_train: number, n_params: number, size: number, ftype: text });

/** `status` is there in router mode only; `value` is "unloaded", "loading", "loaded", "sleeping" or "downloading". */
const ModelRow = v.object({
  id: v.string(),
  owned_by: text,
  meta: v.fallback(v.optional(v.nullable(Meta)), undefined),
  status: v.fallback(v.optional(v.object({ value: text })), undefined),
});

/** The same list once more in an Ollama-like shape, with what the model can do. */
const CapableRow = v.object({ model: text, capabilities: v.fallback(v.array(v.string()), []) });

export const llamacpp: Engine = {
  name: "llamacpp",
  title: "llama.cpp",
  usualPort: 8080,
  serves: new Set([...CHAT_PATHS, MESSAGES, COUNT_TOKENS, RERANK, TRANSCRIPTION]),
  extras: {
    top_k: "top_k",
    min_p: "min_p",
    typical_p: "typical_p",
    repeat_penalty: "repeat_penalty",
    repeat_last_n: "repeat_last_n",
    mirostat: "mirostat",
    mirostat_tau: "mirostat_tau",
    mirostat_eta: "mirostat_eta",
    num_keep: "n_keep",
  },
  // each goes before `max_tokens` where both are there
  synonyms: { num_predict: ["max_completion_tokens", "n_predict"] },
  knowsCase: true,
  residency: {
    // both answer before it is done
    load: ({ id }) => [{ path: "/models/load", body: { model: id } }],
    unload: ({ id }) => [{ path: "/models/unload", body: { model: id } }],
    expires: false,
  },
  manages: false,
  // it says so in every answer, also while it loads its model and has nothing else to say
  async recognises(ask) {
    const props = await ask("/props");
    return props.headers.get("server") === "llama.cpp" || readText(props.json, "build_info") !== undefined;
  },
  async list(ask) {
    const { json } = await ask("/v1/models");
    const rows = readRows(json, "data", ModelRow);
    if (rows === undefined) return undefined;
    const capable = new Map(
      readRows(json, "models", CapableRow)?.map(({ model, capabilities }) => [model, capabilities]),
    );
    const models = rows.map((row) => readModel(row, capable.get(row.id)));
    return { models, version: undefined };
  },
  lacks: (status, body) => status === 404 && body.includes("File Not Found"),
};

function readModel(row: v.InferOutput<typeof ModelRow>, capabilities: readonly string[] | undefined): Model {
  return modelOf(row.id, {
    loaded: row.status === undefined || row.status.value === "loaded",
    loading: row.status?.value === "loading",
    fixed: row.status === undefined,
    sizeBytes: row.meta?.size ?? 0,
    ownedBy: row.owned_by || "llamacpp",
    format: "gguf",
    parameterSize: humanCount(row.meta?.n_params),
    quantization: row.meta?.ftype ?? "",
    contextLength: row.meta?.n_ctx ?? row.meta?.n_ctx_train,
    ...(capabilities === undefined ? {} : { capabilities: capabilities.map(inOllamasWords) }),
  });
}

function inOllamasWords(capability: string): string {
  return capability === "multimodal" ? "vision" : capability;
}
