/** vLLM: one model, and its adapters, always loaded. */

import type { Engine } from "./engine.ts";
import { lacksPath, listModels, modelOwners } from "./openai.ts";
import { CHAT_PATHS, COUNT_TOKENS, MESSAGES, RERANK, TRANSCRIPTION, TRANSLATION } from "./paths.ts";
import { readText } from "./read.ts";

export const vllm: Engine = {
  name: "vllm",
  title: "vLLM",
  usualPort: 8000,
  serves: new Set([...CHAT_PATHS, MESSAGES, COUNT_TOKENS, RERANK, TRANSCRIPTION, TRANSLATION]),
  extras: { top_k: "top_k", min_p: "min_p", repeat_penalty: "repetition_penalty" },
  knowsCase: true,
  manages: false,
  recognises: async (ask) => (await modelOwners(ask)).includes("vllm"),
  async list(ask) {
    const [listing, version] = await Promise.all([listModels(ask), ask("/version")]);
    return listing && { ...listing, version: readText(version.json, "version") };
  },
  lacks: lacksPath,
};
