/** What is forced on a real llama-server holds, by whatever name a client says otherwise. */

import { describe, expect } from "bun:test";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const stage = llamaStage(
  { box: { alias: "tiny", toml: 'engine = "llamacpp"' } },
  '[aliases]\nshort = { targets = ["tiny"], force = { options = { num_predict = 2 } } }\n' +
    'usual = { targets = ["tiny"], options = { num_predict = 2 } }\n',
);

const CALLS: readonly (readonly [path: string, body: object, field: string])[] = [
  ["/v1/chat/completions", { messages: [QUESTION] }, "max_tokens"],
  ["/v1/completions", { prompt: QUESTION.content }, "max_tokens"],
  ["/v1/responses", { input: QUESTION.content }, "max_output_tokens"],
  ["/v1/messages", { messages: [QUESTION] }, "max_tokens"],
];

interface Usage {
  readonly usage: { readonly completion_tokens?: number; readonly output_tokens?: number };
}

describe.each(CALLS)("%s", (path, body, field) => {
  /** How long the answer is, in tokens. */
  async function length(model: string, more: object): Promise<number> {
    const sent = JSON.stringify({ model, ...more, ...body });
    const answer = await fetch(stage.url + path, { method: "POST", body: sent });
    expect(answer.status).toBe(200);
    const { usage } = (await answer.json()) as Usage;
    return usage.completion_tokens ?? usage.output_tokens ?? Number.NaN;
  }

  testWithLlama("a shorter answer", async () => {
    for (const name of [field, field.toUpperCase(), "max_tokens", "max_completion_tokens", "n_predict"])
      expect([name, await length("short", { [name]: 6 })]).toEqual([name, 2]);
    expect(await length("short", {})).toBe(2);
    expect(await length("short", { [field]: 5, n_predict: 6 })).toBe(2);
    // a default gives way
    expect([await length("usual", {}), await length("usual", { [field]: 6 })]).toEqual([2, 6]);
  });
});
