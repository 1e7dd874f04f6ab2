/** The official Ollama client asks models of an Ollama by aliases as well as by their names. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { Ollama } from "ollama";

import { backendTable } from "../support/backend-table.ts";
import { type CapturedOllama, capturedOllama } from "../support/captured-ollama.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { ANSWER, ANSWER_AFTER_TOOLS, QUESTION, THOUGHT, WEATHER } from "../support/tiny-talk.ts";

let engine: CapturedOllama;
let router: Mellamo;

beforeAll(async () => {
  engine = capturedOllama("tiny:latest", "tinythink:latest", "tinyembed:latest");
  router = await mellamo(
    `${backendTable("box", engine.url)}[aliases]
"team/llama" = "tiny"
thinker = "tinythink"
vectors = "tinyembed"
`,
  );
});
afterAll(async () => {
  await router[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const client = (): Ollama => new Ollama({ host: router.url });

const TOOL = {
  type: "function",
  function: { name: WEATHER.name, description: WEATHER.description, parameters: WEATHER.schema },
};

describe.each(["team/llama", "tiny", "TINY:latest", "library/tiny"])("asked for as %s", (model) => {
  test("a chat bears that name, and the engine hears its own", async () => {
    const answer = await client().chat({ model, messages: [QUESTION] });
    expect([answer.model, answer.message.content]).toEqual([model, ANSWER]);
    expect(engine.calls.at(-1)?.asked.model).toBe("tiny:latest");
  });

  test("every line of a streamed chat bears that name", async () => {
    const lines = await Array.fromAsync(await client().chat({ model, messages: [QUESTION], stream: true }));
    expect(new Set(lines.map((line) => line.model))).toEqual(new Set([model]));
    expect(lines.map(({ message }) => message.content).join("")).toBe(ANSWER);
    expect(lines.map(({ done }) => done).lastIndexOf(false)).toBe(lines.length - 2);
  });

  test.each([false, true])("a tool is called, streamed %p", async (stream) => {
    const asked = { model, messages: [QUESTION], tools: [TOOL] };
    const lines = stream
      ? await Array.fromAsync(await client().chat({ ...asked, stream: true }))
      : [await client().chat(asked)];
    const calls = lines.flatMap(({ message }) => message.tool_calls ?? []);
    expect(lines.map((line) => line.model)).toEqual([model]);
    expect(calls).toMatchObject([{ function: { name: WEATHER.name, arguments: WEATHER.call } }]);
  });

  test("a tool's result is answered", async () => {
    const call = { function: { name: WEATHER.name, arguments: WEATHER.call } };
    const answer = await client().chat({
      model,
      tools: [TOOL],
      messages: [
        QUESTION,
        { role: "assistant", content: "", tool_calls: [call] },
        { role: "tool", tool_name: WEATHER.name, content: WEATHER.result },
      ],
    });
    expect([answer.model, answer.message.content]).toEqual([model, ANSWER_AFTER_TOOLS]);
  });

  test("a text is generated, at once and line by line", async () => {
    const answer = await client().generate({ model, prompt: QUESTION.content });
    expect([answer.model, answer.response]).toEqual([model, ANSWER]);
    const stream = await client().generate({ model, prompt: QUESTION.content, stream: true });
    const lines = await Array.fromAsync(stream);
    expect(new Set(lines.map((line) => line.model))).toEqual(new Set([model]));
    expect(lines.map(({ response }) => response).join("")).toBe(ANSWER);
  });
});

describe.each(["thinker", "tinythink"])("a thinker asked for as %s", (model) => {
  test("thoughts and answer come apart", async () => {
    const answer = await client().chat({ model, messages: [QUESTION], think: true });
    expect(answer.model).toBe(model);
    expect(answer.message).toMatchObject({ thinking: THOUGHT, content: ANSWER });
  });

  test("thoughts stream before the answer", async () => {
    const asked = { model, messages: [QUESTION], think: true, stream: true as const };
    const lines = await Array.fromAsync(await client().chat(asked));
    expect(new Set(lines.map((line) => line.model))).toEqual(new Set([model]));
    expect(lines.map(({ message }) => message.thinking ?? "").join("")).toBe(THOUGHT);
    expect(lines.map(({ message }) => message.content).join("")).toBe(ANSWER);
  });
});

describe.each(["vectors", "tinyembed"])("an embedding model asked for as %s", (model) => {
  test("a vector bears that name", async () => {
    const { model: named, embeddings } = await client().embed({ model, input: "hello" });
    expect(named).toBe(model);
    expect(embeddings.map((vector) => vector.length)).toEqual([128]);
  });

  test("the older call gives a bare vector", async () => {
    const answer = await client().embeddings({ model, prompt: "hello" });
    expect(answer.embedding).toHaveLength(128);
    expect(engine.calls.at(-1)?.asked.model).toBe("tinyembed:latest");
  });
});
