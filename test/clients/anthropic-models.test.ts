/** The official Anthropic client lists the models of a router and gets one of them by any of its names. */

import { expect } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";

const REAL = "org/deep/Tiny-Model@q4.gguf";

const stage = llamaStage(
  { tiny: { alias: REAL } },
  `[aliases]\n"team/opus" = "${REAL}"\n"claude-*" = "team/opus"\n`,
);

const client = (): Anthropic => new Anthropic({ baseURL: stage.url, apiKey: "none", maxRetries: 0 });

testWithLlama("the list is one page with every model and alias", async () => {
  const page = await client().models.list({ limit: 100 });
  expect(page.data.map(({ id }) => id).toSorted()).toEqual([REAL, "team/opus"].toSorted());
  expect([page.has_more, page.first_id, page.last_id]).toEqual([
    false,
    page.data[0]?.id ?? "",
    page.data[1]?.id ?? "",
  ]);
  expect(await Array.fromAsync(client().models.list())).toEqual(page.data);
});

for (const name of [REAL, REAL.toLowerCase(), "team/opus", "claude-haiku-4-5"]) {
  testWithLlama(`one model is had by the name ${name}`, async () => {
    const model = await client().models.retrieve(name);
    expect([model.id, model.type, model.display_name]).toEqual([name, "model", name]);
    expect(Date.now() - Date.parse(model.created_at)).toBeWithin(-60_000, 600_000);
  });
}

testWithLlama("an unknown model is a NotFoundError", async () => {
  const failure = await client()
    .models.retrieve("org/none")
    .catch((error: unknown) => error);
  if (!(failure instanceof Anthropic.NotFoundError)) throw failure;
  expect(failure.message).toContain("model 'org/none:latest' not found");
});
