/** SGLang: one model, always loaded. */

import type { Engine } from "./engine.ts";
import { lacksPath, listModels, modelOwners } from "./openai.ts";
import { CHAT_PATHS, MESSAGES, RERANK, TRANSCRIPTION } from "./paths.ts";
import { readText } from "./read.ts";

export const sglang: Engine = {
  name: "sglang",
  title: "SGLang",
  usualPort: 30000,
  serves: new Set([...CHAT_PATHS, MESSAGES, RERANK, TRANSCRIPTION]),
  extras: { top_k: "top_k", min_p: "min_p", repeat_penalty: "repetition_penalty" },
  knowsCase: true,
  manages: false,
  async recognises(ask) {
    // the path was renamed; either tells the model's path
    const [owners, info, older] = await Promise.all([
      modelOwners(ask),
      ask("/model_info"),
      ask("/get_model_info"),
    ]);
    const named = [info, older].some(({ json }) => readText(json, "model_path") !== undefined);
    return owners.includes("sglang") || named;
  },
  list: listModels,
  lacks: lacksPath,
};
