/** The official OpenAI client completes texts and asks for responses, with a real llama-server behind the router. */

import { describe, expect } from "bun:test";

import OpenAI from "openai";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import {
  ANSWER,
  ANSWER_AFTER_TOOLS,
  ANSWER_TOKENS,
  QUESTION,
  THOUGHT,
  WEATHER,
} from "../support/tiny-talk.ts";

const stage = llamaStage(
  { plain: { alias: "org/Tiny-Model.gguf" }, thinker: { alias: "Tiny-Thinker", kind: { thinks: true } } },
  '[aliases]\n"gpt-4o" = "org/Tiny-Model.gguf"\no3 = "Tiny-Thinker"\n',
);

const client = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none", maxRetries: 0 });

describe.each(["gpt-4o", "org/Tiny-Model.gguf", "ORG/tiny-model.gguf:latest"])("asked for as %s", (model) => {
  testWithLlama("a text is completed", async () => {
    const answer = await client().completions.create({ model, prompt: "Why?" });
    expect([answer.model, answer.choices[0]?.text]).toEqual([model, ANSWER]);
  });

  testWithLlama("a text is completed word by word", async () => {
    const stream = await client().completions.create({ model, prompt: "Why?", stream: true });
    const chunks = await Array.fromAsync(stream);
    expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set([model]));
    expect(chunks.map((chunk) => chunk.choices[0]?.text ?? "").join("")).toBe(ANSWER);
    expect(chunks.length).toBeGreaterThanOrEqual(ANSWER_TOKENS);
  });

  testWithLlama("a response bears that name", async () => {
    const response = await client().responses.create({ model, input: QUESTION.content });
    expect([response.model, response.output_text]).toEqual([model, ANSWER]);
    expect(response.usage?.output_tokens).toBe(ANSWER_TOKENS);
  });

  testWithLlama("the events of a streamed response bear that name", async () => {
    const stream = await client().responses.create({ model, input: QUESTION.content, stream: true });
    const events = await Array.fromAsync(stream);
    const deltas = events.filter((event) => event.type === "response.output_text.delta");
    expect(deltas.map(({ delta }) => delta).join("")).toBe(ANSWER);
    const last = events.at(-1);
    if (last?.type !== "response.completed") throw new Error(`The last event is ${last?.type}`);
    expect(last.response.model).toBe(model);
    // llama-server names its model in the last event only; no event may name it otherwise
    expect(JSON.stringify(events).match(/"model":"[^"]*"/g)).toEqual([`"model":${JSON.stringify(model)}`]);
  });

  testWithLlama("a response calls a tool, and answers its result", async () => {
    const tools = [
      { type: "function" as const, name: WEATHER.name, parameters: WEATHER.schema, strict: false },
    ];
    const asked = await client().responses.create({ model, input: [QUESTION], tools });
    const call = asked.output.find((item) => item.type === "function_call");
    expect(asked.model).toBe(model);
    if (call === undefined) throw new Error("No function is called");
    expect([call.name, JSON.parse(call.arguments)]).toEqual([WEATHER.name, WEATHER.call]);
    const result = { type: "function_call_output" as const, call_id: call.call_id, output: WEATHER.result };
    const told = await client().responses.create({ model, input: [QUESTION, call, result], tools });
    expect([told.model, told.output_text]).toEqual([model, ANSWER_AFTER_TOOLS]);
  });
});

testWithLlama("a response of a thinker has its thoughts as an item of their own", async () => {
  const response = await client().responses.create({ model: "o3", input: QUESTION.content });
  const thought = response.output.find((item) => item.type === "reasoning");
  expect(thought?.content?.[0]?.text).toBe(THOUGHT);
  expect([response.model, response.output_text]).toEqual(["o3", ANSWER]);
});
