/** Official clients that give a call up free the llama-server behind the router, long before it is done. */

import { expect } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { failureLike } from "../support/failure.ts";
import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { fieldOf, requestsTo } from "../support/request-log.ts";
import { nothingInFlight } from "../support/settled.ts";
import { idleSlots } from "../support/slots.ts";
import { backends } from "../support/status.ts";
import { QUESTION } from "../support/tiny-talk.ts";

/** How long a llama-server may go on working for nobody. */
const DEADLINE_MS = 2000;

/** All that it has room for, which is where it ends by itself, after two seconds or so. */
const CONTEXT_TOKENS = 4096;

const stage = llamaStage(
  { tiny: { alias: "tiny", args: ["--ignore-eos", "--parallel", "1"] } },
  '[aliases]\nbig = "tiny"\n',
);

const openai = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none", maxRetries: 0 });
const anthropic = (): Anthropic => new Anthropic({ baseURL: stage.url, apiKey: "none", maxRetries: 0 });

const ENDLESS = { model: "big", messages: [QUESTION], max_tokens: CONTEXT_TOKENS };
const STREAMED = { ...ENDLESS, stream: true as const };

type Stream = AsyncIterable<unknown> & { readonly controller: AbortController };

/** Reads a little of a stream, then aborts it as the clients' manuals say. */
async function abortMidway(stream: Stream): Promise<void> {
  let events = 0;
  for await (const _ of stream) {
    events++;
    if (events === 5) stream.controller.abort();
  }
  expect(events).toBeGreaterThanOrEqual(5);
}

async function leaveMidway(stream: Stream): Promise<void> {
  let events = 0;
  for await (const _ of stream) {
    events++;
    if (events === 5) return;
  }
  throw new Error("The stream came to its end");
}

async function expectFreed(path: string): Promise<void> {
  const [slot] = await idleSlots(stage.engine("tiny"), DEADLINE_MS);
  expect(slot?.n_prompt_tokens).toBeLessThan(CONTEXT_TOKENS / 2);
  await nothingInFlight(stage.router);
  expect(await backends(stage.router)).toMatchObject([{ up: true }]);
  const line = (await requestsTo(path, stage.router)).at(-1) ?? "";
  expect(fieldOf(line, "end")).toBe("client gone");
}

testWithLlama("an OpenAI chat whose controller aborts frees the llama-server", async () => {
  await abortMidway(await openai().chat.completions.create(STREAMED));
  await expectFreed("/v1/chat/completions");
});

testWithLlama("an OpenAI chat whose reader leaves the loop frees the llama-server", async () => {
  await leaveMidway(await openai().chat.completions.create(STREAMED));
  await expectFreed("/v1/chat/completions");
});

testWithLlama("an OpenAI text whose controller aborts frees the llama-server", async () => {
  await abortMidway(await openai().completions.create({ ...STREAMED, prompt: "Why?" }));
  await expectFreed("/v1/completions");
});

testWithLlama("an OpenAI response whose controller aborts frees the llama-server", async () => {
  await abortMidway(await openai().responses.create({ model: "big", input: "Why?", stream: true }));
  await expectFreed("/v1/responses");
});

testWithLlama("an Anthropic message whose controller aborts frees the llama-server", async () => {
  await abortMidway(await anthropic().messages.create(STREAMED));
  await expectFreed("/v1/messages");
});

testWithLlama("an Anthropic stream helper that is told to abort frees the llama-server", async () => {
  const stream = anthropic().messages.stream(ENDLESS);
  stream.once("text", () => stream.abort());
  await failureLike(Anthropic.APIUserAbortError, stream.finalMessage());
  await expectFreed("/v1/messages");
});
