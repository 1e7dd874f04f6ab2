/** How servers answer that imitate an engine, or that are none at all. */

import { type Pages, SILENCE } from "./fake-engine.ts";

/** LocalAI: its digests have a prefix that no Ollama's have, and it tells of its system. */
export const LOCALAI: Pages = {
  pages: {
    "/": () =>
      new Response("<!doctype html><title>LocalAI</title>", { headers: { "content-type": "text/html" } }),
    "/readyz": "OK",
    "/system": { backends: ["llama-cpp"], loaded_models: [{ id: "phi-4" }] },
    "/v1/models": { object: "list", data: [{ id: "phi-4", object: "model" }] },
    "/api/version": { version: "0.9.0" },
    "/api/tags": {
      models: [
        {
          name: "phi-4:latest",
          model: "phi-4:latest",
          modified_at: "2026-11-21T04:35:21Z",
          size: 0,
          digest: `sha256:${"ab".repeat(32)}`,
          details: { format: "gguf", family: "", families: null, parameter_size: "", quantization_level: "" },
        },
      ],
    },
    "/api/ps": { models: [] },
  },
};
export const LOCALAI_EMPTY: Pages = {
  pages: {
    ...LOCALAI.pages,
    "/": "Ollama is running",
    "/system": { backends: null, loaded_models: null },
    "/v1/models": { object: "list", data: [] },
    "/api/tags": { models: [] },
  },
};

export const LEMONADE: Pages = {
  pages: {
    "/live": "",
    "/api/v1/health": { status: "ok", model_loaded: null, all_models_loaded: [] },
    "/v1/health": { status: "ok", model_loaded: null, all_models_loaded: [] },
    "/v1/models": lemonadeModels(),
    "/api/v1/models": lemonadeModels(),
    "/api/v0/models": lemonadeModels(),
    "/api/version": { version: "0.16.1" },
    "/api/tags": {
      models: [
        {
          name: "Qwen3-0.6B-GGUF:latest",
          model: "Qwen3-0.6B-GGUF:latest",
          modified_at: "2026-11-21T04:35:21Z",
          size: 400000000,
          digest: "cd".repeat(32),
          details: { format: "gguf", family: "qwen3" },
        },
      ],
    },
    "/api/ps": { models: [] },
  },
};

function lemonadeModels(): object {
  const row = { id: "Qwen3-0.6B-GGUF", object: "model", owned_by: "lemonade", recipe: "llamacpp" };
  return { object: "list", data: [row] };
}

/** Anything with OpenAI's list: LiteLLM, TGI, MLX … */
export const GENERIC: Pages = {
  pages: { "/v1/models": { object: "list", data: [{ id: "gpt-4o", object: "model", owned_by: "openai" }] } },
  others: () => Response.json({ detail: "Not Found" }, { status: 404 }),
};

/** A web page, whatever is asked for. */
export const PAGES_ONLY: Pages = {
  pages: {},
  others: () =>
    new Response("<!doctype html><title>Chat</title>", { headers: { "content-type": "text/html" } }),
};
/** The same in front of an engine's list. */
export const PAGES_AND_LIST: Pages = { ...PAGES_ONLY, pages: GENERIC.pages };

/** Says "{}" to everything. */
export const NOTHING_BUT_JSON: Pages = { pages: {}, others: () => Response.json({}) };

export const SILENT: Pages = { pages: {}, others: () => SILENCE };

/** A real one, before anything was pulled. */
export const OLLAMA_EMPTY: Pages = {
  pages: {
    "/": "Ollama is running",
    "/api/version": { version: "0.33.0" },
    "/api/tags": { models: [] },
    "/api/ps": { models: [] },
    "/v1/models": { object: "list", data: null },
  },
};
