/** The official Ollama client lists and shows what a router has: an Ollama's models, a real llama-server's, and aliases. */

import { afterAll, expect } from "bun:test";

import { Ollama } from "ollama";

import { backendTable } from "../support/backend-table.ts";
import { capturedOllama } from "../support/captured-ollama.ts";
import { failureLike } from "../support/failure.ts";
import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const engine = capturedOllama("tiny:latest", "tinyembed:latest");

const stage = llamaStage(
  { tiny: { alias: "org/Tiny-Model.gguf" } },
  `${backendTable("box", engine.url)}[aliases]
llama = "tiny"
"gpt-4o" = "org/Tiny-Model.gguf"
hidden = { targets = ["tiny"], listed = false }
`,
);

afterAll(() => engine[Symbol.asyncDispose]());

const client = (): Ollama => new Ollama({ host: stage.url });

testWithLlama("the list has every model and alias once, with a tag", async () => {
  const { models } = await client().list();
  expect(models.map(({ name }) => name).toSorted()).toEqual(
    [
      "gpt-4o:latest",
      "llama:latest",
      "org/Tiny-Model.gguf:latest",
      "tiny:latest",
      "tinyembed:latest",
    ].toSorted(),
  );
  expect(models.map(({ model }) => model)).toEqual(models.map(({ name }) => name));
});

testWithLlama.each([
  ["llama:latest", "tiny:latest"],
  ["gpt-4o:latest", "org/Tiny-Model.gguf:latest"],
])("the alias %s has the digest, size and details of %s", async (alias, target) => {
  const { models } = await client().list();
  const [one, other] = [alias, target].map((name) => models.find((model) => model.name === name));
  expect(other?.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(other?.details.parameter_size).toBe("392K");
  expect<object>({ ...one, name: target, model: target }).toEqual(other ?? {});
});

testWithLlama("what is in memory is listed, and so are its aliases", async () => {
  const { models } = await client().ps();
  expect(models.map(({ name }) => name).toSorted()).toEqual(
    ["gpt-4o:latest", "llama:latest", "org/Tiny-Model.gguf:latest", "tiny:latest"].toSorted(),
  );
  for (const { expires_at: expiry } of models) expect(Date.parse(String(expiry))).toBeGreaterThan(0);
});

testWithLlama("the version is the Ollama's", async () => {
  expect(await client().version()).toEqual({ version: "0.33.0" });
});

testWithLlama.each(["llama", "hidden", "tiny", "TINY:latest"])(
  "an Ollama shows its model as %s",
  async (model) => {
    const shown = await client().show({ model });
    expect(shown.capabilities).toEqual(["tools", "completion"]);
    expect(shown.details.parameter_size).toBe("392K");
    expect(shown.model_info).toHaveProperty(["llama.context_length"], 4096);
    expect(engine.calls.at(-1)).toMatchObject({ what: "POST /api/show", asked: { model: "tiny:latest" } });
  },
);

testWithLlama.each(["gpt-4o", "org/Tiny-Model.gguf"])(
  "a llama-server's model is shown as %s",
  async (model) => {
    const shown = await client().show({ model });
    expect(shown.capabilities).toContain("completion");
    expect(shown.details).toMatchObject({
      format: "gguf",
      parameter_size: "392K",
      quantization_level: "F16",
    });
    expect(shown.model_info).toMatchObject({ "general.basename": model, "unknown.context_length": 4096 });
  },
);

testWithLlama("an Ollama chat with a model that only a llama-server has says what it lacks", async () => {
  const failure = await failureLike(Error, client().chat({ model: "gpt-4o", messages: [QUESTION] }));
  expect(failure).toHaveProperty("status_code", 501);
  expect(failure.message).toBe(
    '"gpt-4o" is served by tiny (llama.cpp), which has no /api/chat; engines that have it: Ollama',
  );
});
