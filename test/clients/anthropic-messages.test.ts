/** The official Anthropic client talks through the router with a real llama-server. */

import { describe, expect } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";

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
  '[aliases]\n"claude-*" = "org/Tiny-Model.gguf"\n"opus" = "Tiny-Thinker"\n',
);

const TOOL = { name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.schema };
const ASKED = { max_tokens: 100, messages: [QUESTION] };

const client = (): Anthropic => new Anthropic({ baseURL: stage.url, apiKey: "none", maxRetries: 0 });

describe.each(["claude-next", "org/Tiny-Model.gguf", "ORG/tiny-model.gguf:latest"])(
  "asked for as %s",
  (model) => {
    testWithLlama("a message bears that name", async () => {
      const message = await client().messages.create({ model, ...ASKED });
      expect(message.model).toBe(model);
      expect(message.content).toMatchObject([{ type: "text", text: ANSWER }]);
      expect([message.stop_reason, message.usage.output_tokens]).toEqual(["end_turn", ANSWER_TOKENS]);
    });

    testWithLlama("a stream begins with that name, and no event has another", async () => {
      const stream = await client().messages.create({ model, ...ASKED, stream: true });
      const events = await Array.fromAsync(stream);
      const [first] = events;
      if (first?.type !== "message_start") throw new Error(`The first event is ${first?.type}`);
      expect(first.message.model).toBe(model);
      expect(JSON.stringify(events).match(/"model":/g)).toHaveLength(1);
      expect(events.at(-1)?.type).toBe("message_stop");
    });

    testWithLlama("the stream helper puts the whole message together", async () => {
      const texts: string[] = [];
      const stream = client().messages.stream({ model, ...ASKED });
      stream.on("text", (text) => texts.push(text));
      const message = await stream.finalMessage();
      expect([message.model, message.stop_reason]).toEqual([model, "end_turn"]);
      expect([texts.join(""), await stream.finalText()]).toEqual([ANSWER, ANSWER]);
    });

    testWithLlama("the beta calls are the same", async () => {
      const message = await client().beta.messages.create({
        model,
        ...ASKED,
        betas: ["context-1m-2025-08-07"],
      });
      expect(message.model).toBe(model);
      expect(message.content).toMatchObject([{ type: "text", text: ANSWER }]);
    });

    testWithLlama("a tool is called, and its result answered", async () => {
      const asked = await client().messages.create({ model, ...ASKED, tools: [TOOL] });
      const call = asked.content.find((block) => block.type === "tool_use");
      expect([asked.model, asked.stop_reason]).toEqual([model, "tool_use"]);
      if (call === undefined) throw new Error("No tool is used");
      expect([call.name, call.input]).toEqual([WEATHER.name, WEATHER.call]);
      const told = await client().messages.create({
        model,
        max_tokens: 100,
        tools: [TOOL],
        messages: [
          QUESTION,
          { role: "assistant", content: asked.content },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: call.id, content: WEATHER.result }],
          },
        ],
      });
      expect(told.model).toBe(model);
      expect(told.content).toMatchObject([{ type: "text", text: ANSWER_AFTER_TOOLS }]);
    });

    testWithLlama("a tool is called in a stream", async () => {
      const stream = client().messages.stream({ model, ...ASKED, tools: [TOOL] });
      const message = await stream.finalMessage();
      expect([message.model, message.stop_reason]).toEqual([model, "tool_use"]);
      expect(message.content).toMatchObject([{ type: "tool_use", name: WEATHER.name, input: WEATHER.call }]);
    });

    testWithLlama("tokens are counted, and as many as are read then", async () => {
      const { messages } = ASKED;
      const { input_tokens: counted } = await client().messages.countTokens({ model, messages });
      const { usage } = await client().messages.create({ model, ...ASKED });
      expect(counted).toBe(usage.input_tokens + (usage.cache_read_input_tokens ?? 0));
    });
  },
);

describe.each(["opus", "Tiny-Thinker"])("a thinker asked for as %s", (model) => {
  testWithLlama("its thoughts are a block before its answer", async () => {
    const message = await client().messages.create({ model, ...ASKED });
    expect(message.model).toBe(model);
    expect(message.content).toMatchObject([
      { type: "thinking", thinking: THOUGHT },
      { type: "text", text: ANSWER },
    ]);
  });

  testWithLlama("its thoughts stream", async () => {
    const thoughts: string[] = [];
    const stream = client().messages.stream({ model, ...ASKED });
    stream.on("thinking", (thought) => thoughts.push(thought));
    expect([await stream.finalText(), thoughts.join("")]).toEqual([ANSWER, THOUGHT]);
    expect((await stream.finalMessage()).model).toBe(model);
  });
});
