/** How LM Studio answers calls about itself: since 0.4, before it, and before it had more than OpenAI's list. */

import type { Pages } from "./fake-engine.ts";

const LMSTUDIO_PLAIN = {
  object: "list",
  data: [
    { id: "qwen/qwen3-8b", object: "model", owned_by: "organization_owner" },
    { id: "text-embedding-nomic-embed-text-v1.5", object: "model", owned_by: "organization_owner" },
  ],
};

const LMSTUDIO_OLD_ROWS = [
  {
    id: "qwen/qwen3-8b",
    object: "model",
    type: "llm",
    publisher: "qwen",
    arch: "qwen3",
    compatibility_type: "gguf",
    quantization: "Q4_K_M",
    state: "loaded",
    max_context_length: 40960,
    loaded_context_length: 8192,
    capabilities: ["tool_use"],
  },
  {
    id: "gemma-3-4b-it@q8_0",
    object: "model",
    type: "vlm",
    publisher: "google",
    arch: "gemma3",
    compatibility_type: "mlx",
    quantization: "8bit",
    state: "not-loaded",
    max_context_length: 131072,
  },
  {
    id: "text-embedding-nomic-embed-text-v1.5",
    object: "model",
    type: "embeddings",
    publisher: "nomic-ai",
    arch: "nomic-bert",
    compatibility_type: "gguf",
    quantization: "Q4_0",
    state: "not-loaded",
    max_context_length: 2048,
  },
];

const LMSTUDIO_NEW_ROWS = [
  {
    type: "llm",
    publisher: "qwen",
    key: "qwen/qwen3-8b",
    display_name: "Qwen3 8B",
    architecture: "qwen3",
    quantization: { name: "Q4_K_M", bits_per_weight: 4 },
    size_bytes: 5027783872,
    params_string: "8B",
    loaded_instances: [{ id: "qwen/qwen3-8b", config: { context_length: 8192, flash_attention: true } }],
    max_context_length: 40960,
    format: "gguf",
    capabilities: { vision: false, trained_for_tool_use: true },
    description: null,
  },
  {
    type: "llm",
    publisher: "google",
    key: "google/gemma-3-4b",
    display_name: "Gemma 3 4B",
    architecture: "gemma3",
    quantization: null,
    size_bytes: 3341000000,
    params_string: null,
    loaded_instances: [],
    max_context_length: 131072,
    format: "mlx",
    capabilities: { vision: true, trained_for_tool_use: false },
  },
  {
    type: "embedding",
    publisher: "nomic-ai",
    key: "text-embedding-nomic-embed-text-v1.5",
    display_name: "Nomic Embed Text v1.5",
    quantization: { name: "Q4_0", bits_per_weight: 4 },
    size_bytes: 84106624,
    params_string: null,
    loaded_instances: [],
    max_context_length: 2048,
    format: "gguf",
  },
];

/** To a path that it does not have it says so with status 200. */
function lmstudio(pages: Pages["pages"]): Pages {
  return {
    pages,
    others: (path, method) =>
      Response.json(
        { error: `Unexpected endpoint or method. (${method} ${path})` },
        { headers: { "x-powered-by": "Express" } },
      ),
  };
}

export const LMSTUDIO_NEW = lmstudio({
  "/api/v1/models": { models: LMSTUDIO_NEW_ROWS },
  "/api/v0/models": { object: "list", data: LMSTUDIO_OLD_ROWS },
  "/v1/models": LMSTUDIO_PLAIN,
});
export const LMSTUDIO_OLD = lmstudio({
  "/api/v0/models": { object: "list", data: LMSTUDIO_OLD_ROWS },
  "/v1/models": LMSTUDIO_PLAIN,
});
export const LMSTUDIO_OLDEST = lmstudio({ "/v1/models": LMSTUDIO_PLAIN });
export const LMSTUDIO_EMPTY = lmstudio({
  "/api/v1/models": { models: [] },
  "/api/v0/models": { object: "list", data: [] },
  "/v1/models": { object: "list", data: [] },
});
