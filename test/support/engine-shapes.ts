/** How engines of which there are no captures answer calls about themselves. */

import type { Pages } from "./fake-engine.ts";

/** Web frameworks of Python's engines. */
const fastapi = (): Response => Response.json({ detail: "Not Found" }, { status: 404 });

export const LLAMA_ROUTER: Pages = {
  pages: {
    "/props": () => llamacpp({ build_info: "b1-de3ff81", role: "router", max_instances: 4 }),
    "/v1/models": () =>
      llamacpp({
        object: "list",
        data: [
          {
            id: "ggml-org/gemma-3-4b-it-GGUF:Q4_K_M",
            object: "model",
            owned_by: "llamacpp",
            status: { value: "loaded" },
          },
          {
            id: "Qwen/Qwen3-8B-GGUF:Q4_K_M",
            object: "model",
            owned_by: "llamacpp",
            status: { value: "unloaded" },
          },
          { id: "slow", object: "model", owned_by: "llamacpp", status: { value: "loading" } },
          { id: "idle", object: "model", owned_by: "llamacpp", status: { value: "sleeping" } },
          {
            id: "broken",
            object: "model",
            owned_by: "llamacpp",
            status: { value: "unloaded", failed: true, exit_code: 1 },
          },
        ],
      }),
  },
  others: () => llamacpp({ error: { message: "File Not Found", type: "not_found_error", code: 404 } }, 404),
};

/** While it loads its model. */
export const LLAMA_LOADING: Pages = {
  pages: {},
  others: () => llamacpp({ error: { message: "Loading model", type: "unavailable_error", code: 503 } }, 503),
};

function llamacpp(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { server: "llama.cpp" } });
}

export const VLLM: Pages = {
  pages: {
    "/v1/models": {
      object: "list",
      data: [
        {
          id: "Qwen/Qwen3-8B",
          object: "model",
          created: 1795235721,
          owned_by: "vllm",
          root: "Qwen/Qwen3-8B",
          parent: null,
          max_model_len: 32768,
          permission: [],
        },
        {
          id: "sql-lora",
          object: "model",
          created: 1795235721,
          owned_by: "vllm",
          root: "/loras/sql",
          parent: "Qwen/Qwen3-8B",
          max_model_len: null,
          permission: [],
        },
      ],
    },
    "/version": { version: "0.11.0" },
    "/health": "",
  },
  others: fastapi,
};

const SGLANG_MODELS = {
  object: "list",
  data: [
    {
      id: "meta-llama/Llama-3.1-8B-Instruct",
      object: "model",
      created: 1795235721,
      owned_by: "sglang",
      root: "meta-llama/Llama-3.1-8B-Instruct",
      max_model_len: 131072,
    },
  ],
};
export const SGLANG: Pages = {
  pages: { "/v1/models": SGLANG_MODELS, "/model_info": { model_path: "meta-llama/Llama-3.1-8B-Instruct" } },
  others: fastapi,
};
export const SGLANG_LIST: Pages = { pages: { "/v1/models": SGLANG_MODELS }, others: fastapi };
/** One that calls its owner otherwise, and has the path's former name alone. */
export const SGLANG_OLD: Pages = {
  pages: {
    "/v1/models": { object: "list", data: [{ id: "llama", object: "model", owned_by: "me" }] },
    "/get_model_info": { model_path: "meta-llama/Llama-3.1-8B-Instruct", is_generation: true },
  },
  others: fastapi,
};
/** With its imitation of Ollama. */
export const SGLANG_AS_OLLAMA: Pages = {
  pages: {
    ...SGLANG.pages,
    "/": "Ollama is running",
    "/api/version": { version: "0.6.0" },
    "/api/tags": {
      models: [
        {
          name: "meta-llama/Llama-3.1-8B-Instruct",
          model: "meta-llama/Llama-3.1-8B-Instruct",
          modified_at: "2026-11-21T04:35:21Z",
          size: 0,
          digest: "sha256:sglang0000000000",
          details: { format: "sglang", family: "llama", parameter_size: "unknown" },
        },
      ],
    },
  },
  others: fastapi,
};
