/** A reply that quotes the engine's name for a model is not altered; only the field that names the model is. */

import { expect, test } from "bun:test";

import { rawBackend } from "../support/backend.ts";
import { mellamo } from "../support/mellamo.ts";

const QUOTE = 'I am "real-model", {"model":"real-model"}, and my file says \\"model\\": \\"real-model\\"';
const TEXT = JSON.stringify(QUOTE);

/** What an engine says, with `REAL` where the client is to read the name it asked for. */
const ANSWERS: [path: string, type: string, body: string][] = [
  [
    "/v1/chat/completions",
    "application/json",
    `{"choices":[{"message":{"content":${TEXT},"model":"real-model"}}],"model":"REAL"}`,
  ],
  [
    "/v1/chat/completions",
    "text/event-stream",
    `: {"model":"real-model"}\n\ndata: {"choices":[{"delta":{"content":${TEXT}}}],"model":"REAL"}\n\ndata: [DONE]\n\n`,
  ],
  [
    "/api/chat",
    "application/x-ndjson",
    `{"message":{"content":${TEXT},"model":"real-model"},"model":"REAL"}\n{"model":"REAL","done":true}\n`,
  ],
  ["/api/generate", "application/json", `{"response":${TEXT},"model":"REAL"}`],
  [
    "/v1/messages",
    "text/event-stream",
    `event: message_start\ndata: {"type":"message_start","message":{"content":[{"model":"real-model"}],"model":"REAL"}}\n\nevent: content_block_delta\ndata: {"delta":{"text":${TEXT}}}\n\n`,
  ],
  [
    "/v1/responses",
    "text/event-stream",
    `event: response.created\ndata: {"response":{"output":[{"model":"real-model"}],"model":"REAL"}}\n\nevent: response.output_text.delta\ndata: {"delta":${TEXT}}\n\n`,
  ],
  ["/v1/embeddings", "application/json", `{"data":[{"model":"real-model"}],"model":"REAL"}`],
];

/** How the engine's bytes arrive. */
const CUTS: [name: string, size: number][] = [
  ["in one piece", 100_000],
  ["in pieces of 7 bytes", 7],
  ["byte by byte", 1],
];

for (const [path, type, body] of ANSWERS) {
  test.each(CUTS)(`${path} as ${type}, %s`, async (_, size) => {
    const said = Buffer.from(body.replaceAll("REAL", "real-model"));
    const kind = path === "/v1/messages" || path.startsWith("/api") ? "ollama" : "openai";
    const engine = async (talk: Parameters<Parameters<typeof rawBackend>[1]>[0]): Promise<void> => {
      await talk.begin(200, { "content-type": type });
      for (let at = 0; at < said.length; at += size) await talk.chunk(said.subarray(at, at + size));
      await talk.chunk("");
    };
    await using backend = await rawBackend(["real-model"], engine, kind);
    await using router = await mellamo(
      `[[backend]]\nurl = "${backend.url}"\nengine = "${kind}"\n[aliases]\nmine = "real-model"\nquiet = { targets = ["real-model"], echo = false }\n`,
    );
    const ask = async (model: string) =>
      (await fetch(router.url + path, { method: "POST", body: JSON.stringify({ model }) })).text();
    expect(await ask("mine")).toBe(body.replaceAll("REAL", "mine"));
    expect(await ask("quiet")).toBe(said.toString());
  });
}
