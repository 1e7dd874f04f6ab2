/** Official clients notice that the stream they read was broken off: half an answer is never taken for a whole one. */

import { expect } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { backendTable } from "../support/backend-table.ts";
import { failureOf } from "../support/failure.ts";
import { llamaServer } from "../support/llama-server.ts";
import { llamaProgram, testWithLlama } from "../support/llama-stage.ts";
import { mellamo } from "../support/mellamo.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const ASKED = { model: "alias", max_tokens: 4000, messages: [QUESTION], stream: true as const };

type Ask = (url: string) => Promise<AsyncIterable<unknown>>;

const openai = (url: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" });

const ASKS: Record<string, Ask> = {
  "an OpenAI chat": async (url) => openai(url).chat.completions.create(ASKED),
  "an OpenAI text": async (url) => openai(url).completions.create({ ...ASKED, prompt: "Why?" }),
  "an OpenAI response": async (url) => openai(url).responses.create({ ...ASKED, input: "Why?" }),
  "an Anthropic message": async (url) =>
    new Anthropic({ baseURL: url, apiKey: "none" }).messages.create(ASKED),
};

testWithLlama.each(Object.entries(ASKS))("%s whose llama-server is killed throws", async (_, ask) => {
  await using engine = await llamaServer(llamaProgram(), "tiny", {}, ["--ignore-eos"]);
  await using router = await mellamo(`${backendTable("b", engine.url)}[aliases]\nalias = "tiny"\n`);
  let events = 0;
  const reading = async (): Promise<void> => {
    for await (const _event of await ask(router.url)) {
      events++;
      if (events === 5) process.kill(engine.pid, "SIGKILL");
    }
  };
  const failure = await failureOf(reading());
  expect(failure).toBeInstanceOf(Error);
  expect(events).toBeGreaterThanOrEqual(5);
});
