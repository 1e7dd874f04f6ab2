/** Finds out which engine a server is, by the shapes of its answers and never by their status alone. */

import type { Ask, Engine, EngineName, Reply } from "./engine.ts";
import { llamacpp } from "./llamacpp.ts";
import { lmstudio } from "./lmstudio.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { sglang } from "./sglang.ts";
import { vllm } from "./vllm.ts";

/** What is sure goes first: several engines imitate Ollama, and all of them OpenAI. */
export const ENGINES: readonly Engine[] = [llamacpp, lmstudio, ollama, vllm, sglang, openai];

export function engineNamed(name: EngineName): Engine {
  const found = ENGINES.find((engine) => engine.name === name);
  if (found === undefined) throw new Error(`No engine is called "${name}"`);
  return found;
}

/** Stands for the answer of a path that gave none. */
const NO_REPLY: Reply = { status: 0, headers: new Headers(), text: "", json: undefined };

/** The engine of the server at hand; undefined for an unknown one. Rejects when not a single path is answered. */
export async function detect(ask: Ask): Promise<Engine | undefined> {
  const replies = new Map<string, Promise<Reply>>();
  const failures: unknown[] = [];
  const askOnce: Ask = (path) => {
    const reply =
      replies.get(path) ??
      ask(path).catch((failure: unknown) => {
        failures.push(failure);
        return NO_REPLY;
      });
    replies.set(path, reply);
    return reply;
  };
  const verdicts = await Promise.all(ENGINES.map((engine) => engine.recognises(askOnce)));
  if (failures.length === replies.size) throw failures[0];
  return ENGINES[verdicts.indexOf(true)];
}
