/** The official OpenAI client lists the models of a router and gets one of them by any of its names. */

import { expect } from "bun:test";

import OpenAI from "openai";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";

const REAL = "org/deep/Tiny-Model@q4.gguf";

const stage = llamaStage(
  { tiny: { alias: REAL }, embedder: { alias: "tiny-embed", kind: { embeds: true } } },
  `[aliases]
"gpt-4o" = "${REAL}"
"team/fast model" = "${REAL}"
"gpt-*" = "gpt-4o"
hidden = { targets = ["${REAL}"], listed = false }
nowhere = "not-there"
`,
);

const client = (): OpenAI => new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "none", maxRetries: 0 });

testWithLlama(
  "the list has models and aliases, each once, without what is hidden or leads nowhere",
  async () => {
    const models = await Array.fromAsync(client().models.list());
    const ids = models.map(({ id }) => id);
    expect(ids.toSorted()).toEqual([REAL, "gpt-4o", "team/fast model", "tiny-embed"].toSorted());
    expect(models.map(({ object }) => object)).toEqual(["model", "model", "model", "model"]);
    for (const { created } of models) expect(Date.now() / 1000 - created).toBeWithin(-60, 600);
  },
);

const NAMES = [
  REAL,
  REAL.toUpperCase(),
  "gpt-4o",
  "team/fast model",
  "gpt-3.5-turbo",
  "hidden",
  "library/tiny-embed:latest",
];

for (const name of NAMES) {
  testWithLlama(`one model is had by the name ${name}`, async () => {
    const model = await client().models.retrieve(name);
    expect([model.id, model.object]).toEqual([name, "model"]);
  });
}

testWithLlama("a model is had by a name with plain slashes too, as curl sends it", async () => {
  const response = await fetch(`${stage.url}/v1/models/${REAL}`);
  expect(await response.json()).toHaveProperty("id", REAL);
});

testWithLlama("an unknown model is a NotFoundError that names what was asked for", async () => {
  const failure = await client()
    .models.retrieve("org/none")
    .catch((error: unknown) => error);
  if (!(failure instanceof OpenAI.NotFoundError)) throw failure;
  expect(failure.type).toBe("not_found_error");
  expect(failure.message).toStartWith("404 model 'org/none:latest' not found");
});
