/** Engines that are none: each lists one model under its own name for it, and has one thing to say. */

import * as v from "valibot";

import { anthropicMessage, ollamaChat, openaiChat, type Speech } from "./speech.ts";

/** A kind of engine: its answers to the calls about itself, and what it says to the others. */
export interface Script {
  readonly title: string;
  readonly model: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly speeches: Readonly<Record<string, (model: string, streamed: boolean) => Speech>>;
  /** On every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

const CHATS = { "/v1/chat/completions": openaiChat, "/v1/messages": anthropicMessage };

const MODIFIED = "2026-09-01T12:00:00Z";

export function ollamaScript(model: string): Script {
  const details = {
    format: "gguf",
    family: "llama",
    families: ["llama"],
    parameter_size: "8.0B",
    quantization_level: "Q4_K_M",
  };
  const row = {
    name: model,
    model,
    modified_at: MODIFIED,
    size: 4_920_753_328,
    digest: "46e0c10c039e".padEnd(64, "0"),
    details,
  };
  return {
    title: "Ollama",
    model,
    facts: {
      "/": "Ollama is running",
      "/api/version": { version: "0.33.0" },
      "/api/tags": { models: [row] },
      "/api/ps": { models: [row] },
    },
    speeches: { ...CHATS, "/api/chat": ollamaChat },
    headers: {},
  };
}

export function lmstudioScript(model: string): Script {
  const row = {
    type: "llm",
    publisher: "meta",
    key: model,
    architecture: "llama",
    size_bytes: 4_920_753_328,
    format: "gguf",
    loaded_instances: [{ id: model }],
  };
  return {
    title: "LM Studio",
    model,
    facts: { "/api/v1/models": { models: [row] } },
    speeches: CHATS,
    headers: { "x-powered-by": "Express" },
  };
}

export function llamacppScript(model: string): Script {
  const row = {
    id: model,
    object: "model",
    owned_by: "llamacpp",
    meta: { n_ctx: 8192, n_params: 8_030_261_248, size: 4_920_753_328 },
  };
  return {
    title: "llama.cpp",
    model,
    facts: { "/props": { build_info: "b1" }, "/v1/models": { object: "list", data: [row] } },
    speeches: CHATS,
    headers: { server: "llama.cpp" },
  };
}

export interface Simulated {
  readonly title: string;
  readonly model: string;
  readonly url: string;
  /** The names it was asked for, in order. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

const Asked = v.object({ model: v.string(), stream: v.optional(v.boolean()) });

/** Starts an engine on a port of its own. It says a word every `paceMs`. */
export function simulate(script: Script, paceMs: number): Simulated {
  const asked: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const { headers } = script;
      const fact = script.facts[pathname];
      if (request.method === "GET" && fact !== undefined) {
        return typeof fact === "string" ? new Response(fact, { headers }) : Response.json(fact, { headers });
      }
      const speech = script.speeches[pathname];
      if (request.method !== "POST" || speech === undefined)
        return Response.json({ error: "not found" }, { status: 404, headers });
      const { model, stream = pathname.startsWith("/api/") } = v.parse(Asked, await request.json());
      asked.push(model);
      if (model !== script.model)
        return Response.json({ error: `model '${model}' not found` }, { status: 404, headers });
      return say(speech(model, stream), headers, paceMs);
    },
  });
  return {
    title: script.title,
    model: script.model,
    url: server.url.origin,
    asked,
    stop: () => server.stop(true),
  };
}

function say({ contentType, pieces }: Speech, headers: Script["headers"], paceMs: number): Response {
  async function* speak(): AsyncGenerator<string> {
    for (const piece of pieces) {
      yield piece;
      await Bun.sleep(paceMs);
    }
  }
  return new Response(speak(), { headers: { ...headers, "content-type": contentType } });
}
