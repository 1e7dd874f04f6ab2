/** The official OpenAI client chats through the router with a real llama-server. */

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
  `[aliases]
"gpt-4o" = "org/Tiny-Model.gguf"
"team/thinker" = "Tiny-Thinker"
`,
);

const TOOL = { name: WEATHER.name, description: WEATHER.description, parameters: WEATHER.schema };

const client = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none", maxRetries: 0 });

/** llama-server's own field, which OpenAI's types do not know. */
const thoughtOf = (part: object): unknown => Reflect.get(part, "reasoning_content");

describe.each(["gpt-4o", "org/Tiny-Model.gguf", "ORG/tiny-model.gguf:latest"])("asked for as %s", (model) => {
  testWithLlama("an answer bears that name", async () => {
    const answer = await client().chat.completions.create({ model, messages: [QUESTION] });
    expect(answer.model).toBe(model);
    expect(answer.choices[0]?.message.content).toBe(ANSWER);
  });

  testWithLlama("every chunk of a stream bears that name, the one with the usage too", async () => {
    const stream = await client().chat.completions.create({
      model,
      messages: [QUESTION],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set([model]));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(ANSWER);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(ANSWER_TOKENS);
  });

  testWithLlama("the stream helper puts the whole answer together", async () => {
    const answer = await client()
      .chat.completions.stream({ model, messages: [QUESTION] })
      .finalChatCompletion();
    expect(answer.model).toBe(model);
    expect(answer.choices[0]?.message.content).toBe(ANSWER);
    expect(answer.choices[0]?.finish_reason).toBe("stop");
  });

  testWithLlama("a tool is called, and its result answered", async () => {
    const asked = await client().chat.completions.create({
      model,
      messages: [QUESTION],
      tools: [{ type: "function", function: TOOL }],
    });
    const message = asked.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    expect(asked.model).toBe(model);
    expect(asked.choices[0]?.finish_reason).toBe("tool_calls");
    if (message === undefined || call?.type !== "function") throw new Error("No function is called");
    expect([call.function.name, JSON.parse(call.function.arguments)]).toEqual([WEATHER.name, WEATHER.call]);
    const told = await client().chat.completions.create({
      model,
      messages: [QUESTION, message, { role: "tool", tool_call_id: call.id, content: WEATHER.result }],
      tools: [{ type: "function", function: TOOL }],
    });
    expect(told.model).toBe(model);
    expect(told.choices[0]?.message.content).toBe(ANSWER_AFTER_TOOLS);
  });

  testWithLlama("the tool runner goes all the way, streaming", async () => {
    const places: string[] = [];
    const runner = client().chat.completions.runTools({
      model,
      stream: true,
      messages: [QUESTION],
      tools: [
        {
          type: "function",
          function: {
            ...TOOL,
            parse: JSON.parse,
            function: ({ location }: { location: string }) => {
              places.push(location);
              return WEATHER.result;
            },
          },
        },
      ],
    });
    const models: string[] = [];
    runner.on("chunk", (chunk) => models.push(chunk.model));
    expect(await runner.finalContent()).toBe(ANSWER_AFTER_TOOLS);
    expect(places).toEqual([WEATHER.call.location]);
    expect(new Set(models)).toEqual(new Set([model]));
  });
});

describe.each(["team/thinker", "Tiny-Thinker", "library/tiny-thinker"])(
  "a thinker asked for as %s",
  (model) => {
    testWithLlama("its thoughts and its answer come apart", async () => {
      const answer = await client().chat.completions.create({ model, messages: [QUESTION] });
      const message = answer.choices[0]?.message ?? {};
      expect(answer.model).toBe(model);
      expect(thoughtOf(message)).toBe(THOUGHT);
      expect(message).toHaveProperty("content", ANSWER);
    });

    testWithLlama("its thoughts stream before its answer", async () => {
      const stream = await client().chat.completions.create({ model, messages: [QUESTION], stream: true });
      const chunks = await Array.fromAsync(stream);
      expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set([model]));
      const deltas = chunks.map((chunk) => chunk.choices[0]?.delta ?? {});
      expect(deltas.map((delta) => thoughtOf(delta) ?? "").join("")).toBe(THOUGHT);
      expect(deltas.map((delta) => delta.content ?? "").join("")).toBe(ANSWER);
      expect(deltas.findLastIndex(thoughtOf)).toBeLessThan(deltas.findIndex(({ content }) => content));
    });
  },
);
