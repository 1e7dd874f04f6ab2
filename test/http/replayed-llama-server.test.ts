/** A llama-server's answers reach the client byte for byte, but for the name of its model, which is the one that was asked. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { captures } from "../support/captures.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { type Replay, replayedLlamaServer } from "../support/replay.ts";

const CAPTURES = captures("llama-");

let engine: Replay;
let router: Mellamo;
beforeAll(async () => {
  engine = await replayedLlamaServer();
  router = await mellamo(`[[backend]]\nurl = "${engine.url}"\n[aliases]\n"gpt-4o" = "tiny"\n`);
});
afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

test.each([
  ["a chat", "/v1/chat/completions", {}, "llama-chat"],
  ["a streamed chat", "/v1/chat/completions", { stream: true }, "llama-chat-stream"],
  ["a chat with tools", "/v1/chat/completions", { tools: [] }, "llama-chat-tools"],
  [
    "a streamed chat with tools",
    "/v1/chat/completions",
    { stream: true, tools: [] },
    "llama-chat-stream-tools",
  ],
  ["a streamed completion", "/v1/completions", { stream: true }, "llama-completions-stream"],
  ["a message", "/v1/messages", {}, "llama-messages"],
  ["a streamed message", "/v1/messages", { stream: true }, "llama-messages-stream"],
  ["a response", "/v1/responses", {}, "llama-responses"],
  ["a streamed response", "/v1/responses", { stream: true }, "llama-responses-stream"],
  ["a refusal", "/v1/embeddings", {}, "llama-err-embed"],
])("%s, asked by an alias", async (_, path, more, name) => {
  const body = JSON.stringify({ model: "gpt-4o", ...more });
  const answer = await fetch(router.url + path, { method: "POST", body });
  const original = CAPTURES.get(name);
  expect(answer.status).toBe(original?.status ?? 0);
  const text = original?.body.toString() ?? "";
  expect(await answer.text()).toBe(text.replaceAll('"model":"tiny"', '"model":"gpt-4o"'));
});
