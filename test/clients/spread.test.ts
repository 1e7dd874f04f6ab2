/** One alias for the same model under two names on two real llama-servers: chats are spread over both. */

import { expect } from "bun:test";

import OpenAI from "openai";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { fieldOf, requestsTo } from "../support/request-log.ts";
import { ANSWER, QUESTION } from "../support/tiny-talk.ts";

const CHATS = 20;

/** As many as there are chats: a connection that is kept open occupies one of llama-server's threads. */
const args = ["--threads-http", "24"];

const stage = llamaStage(
  { left: { alias: "llama-3.1-8b-instruct", args }, right: { alias: "org/Llama-3.1-8B.Q4.gguf", args } },
  // the chats begin alike, and would all go where the first went
  `[routing]
sticky = false
[aliases]
both = ["llama-3.1-8b-instruct", "org/Llama-3.1-8B.Q4.gguf"]
first = { targets = ["llama-3.1-8b-instruct", "org/Llama-3.1-8B.Q4.gguf"], strategy = "order" }
`,
);

const client = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none", maxRetries: 0 });

async function chat(model: string): Promise<void> {
  const answer = await client().chat.completions.create({ model, messages: [QUESTION] });
  expect([answer.model, answer.choices[0]?.message.content]).toEqual([model, ANSWER]);
}

/** How many of the chats that `ask` makes went to which backend, under which name. */
async function spreadOf(ask: () => Promise<void>): Promise<Record<string, number>> {
  const before = await requestsTo("/v1/chat/completions", stage.router);
  await ask();
  const lines = (await requestsTo("/v1/chat/completions", stage.router)).slice(before.length);
  const places = lines.map((line) => `${fieldOf(line, "backend")} as ${fieldOf(line, "as")}`);
  const groups = Map.groupBy(places, (place) => place);
  return Object.fromEntries([...groups].map(([place, all]) => [place, all.length]));
}

testWithLlama("chats one after the other take turns", async () => {
  const spread = await spreadOf(async () => {
    for (let index = 0; index < CHATS; index++) await chat("both");
  });
  expect(spread).toEqual({
    "left as llama-3.1-8b-instruct": CHATS / 2,
    "right as org/Llama-3.1-8B.Q4.gguf": CHATS / 2,
  });
});

testWithLlama("chats all at once are shared out evenly", async () => {
  const spread = await spreadOf(async () => {
    await Promise.all(Array.from({ length: CHATS }, () => chat("both")));
  });
  expect(Object.keys(spread).toSorted()).toEqual([
    "left as llama-3.1-8b-instruct",
    "right as org/Llama-3.1-8B.Q4.gguf",
  ]);
  for (const count of Object.values(spread)) expect(count).toBeWithin(CHATS / 4, (CHATS * 3) / 4 + 1);
});

testWithLlama("chats of an alias that says in which order all go to the first", async () => {
  const spread = await spreadOf(async () => {
    for (let index = 0; index < 4; index++) await chat("first");
  });
  expect(spread).toEqual({ "left as llama-3.1-8b-instruct": 4 });
});

testWithLlama("the alias is one line in the list, the models are two", async () => {
  const models = await Array.fromAsync(client().models.list());
  expect(models.map(({ id }) => id).toSorted()).toEqual(
    ["both", "first", "llama-3.1-8b-instruct", "org/Llama-3.1-8B.Q4.gguf"].toSorted(),
  );
});
