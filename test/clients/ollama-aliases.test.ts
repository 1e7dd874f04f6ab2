/** The official Ollama client makes aliases by copying, asks them as models, and deletes them; no engine hears of it. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import { Ollama } from "ollama";

import { aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { backendTable } from "../support/backend-table.ts";
import { type CapturedOllama, capturedOllama } from "../support/captured-ollama.ts";
import { failureLike } from "../support/failure.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { ANSWER, QUESTION } from "../support/tiny-talk.ts";

let engine: CapturedOllama;
let router: Mellamo;
let client: Ollama;
beforeAll(async () => {
  engine = capturedOllama("tiny:latest");
  router = await mellamo(backendTable("box", engine.url));
  await router.log.until(/event="backend up"/);
  client = new Ollama({ host: router.url });
});
afterAll(async () => {
  await Promise.all([router, engine].map((one) => one[Symbol.asyncDispose]()));
});

async function names(): Promise<string[]> {
  return (await client.list()).models.map(({ name }) => name).toSorted();
}

async function failure(deed: Promise<unknown>): Promise<readonly [unknown, string]> {
  const thrown = await failureLike(Error, deed);
  return [(thrown as Error & { readonly status_code?: number }).status_code, thrown.message];
}

/** What the engine heard of but questions. */
function deeds(): string[] {
  return engine.calls.map(({ what }) => what).filter((what) => !/(chat|generate|embed|show)$/.test(what));
}

test("a copy is an alias at once: listed as the model it stands for, shown, and asked by its own name", async () => {
  expect(await client.copy({ source: "tiny", destination: "gpt-4o" })).toEqual({ status: "success" });
  expect(await aliasList(router)).toEqual([{ alias: "gpt-4o", target: "tiny" }]);
  const { models } = await client.list();
  expect(models.map(({ name }) => name).toSorted()).toEqual(["gpt-4o:latest", "tiny:latest"]);
  expect(new Set(models.map(({ digest, size }) => `${digest} ${size}`)).size).toBe(1);

  expect((await client.show({ model: "gpt-4o" })).details.family).toBe("llama");
  const chat = await client.chat({ model: "gpt-4o", messages: [QUESTION] });
  expect([chat.model, chat.message.content]).toEqual(["gpt-4o", ANSWER]);
  const parts = await Array.fromAsync(
    await client.chat({ model: "GPT-4o:latest", messages: [QUESTION], stream: true }),
  );
  expect(new Set(parts.map(({ model }) => model))).toEqual(new Set(["GPT-4o:latest"]));
  expect(parts.map(({ message }) => message.content).join("")).toBe(ANSWER);
  expect((await client.generate({ model: "gpt-4o", prompt: "hi" })).model).toBe("gpt-4o");
  expect((await client.embed({ model: "gpt-4o", input: "hi" })).model).toBe("gpt-4o");
  expect(new Set(engine.calls.map(({ asked }) => asked.model))).toEqual(new Set(["tiny:latest"]));
  expect(deeds()).toEqual([]);
});

test("what is deleted is the alias; the model stays", async () => {
  await setAliases(router, { alias: "gpt-4o", target: "tiny" });
  expect(await client.delete({ model: "gpt-4o" })).toEqual({ status: "success" });
  expect(await names()).toEqual(["tiny:latest"]);
  const [status, words] = await failure(client.chat({ model: "gpt-4o", messages: [QUESTION] }));
  expect(status).toBe(404);
  expect(words).toStartWith("model 'gpt-4o' not found");
  expect(await failure(client.delete({ model: "gpt-4o" }))).toEqual([404, "model 'gpt-4o' not found"]);
  expect(deeds()).toEqual([]);
});

test("refusals reach the program that asked, in words", async () => {
  await setAliases(router, { alias: "mine", target: "tiny" }, { alias: "yours", target: "later" });
  expect(await failure(client.copy({ source: "yours", destination: "tiny" }))).toEqual([
    400,
    'alias "tiny" conflicts with existing model',
  ]);
  expect(await failure(client.copy({ source: "nosuch", destination: "x" }))).toEqual([
    404,
    'model "nosuch" not found',
  ]);
  expect(await failure(client.copy({ source: "tiny", destination: "bad name!" }))).toEqual([
    400,
    'destination "bad name!" is invalid',
  ]);
  expect(await failure(client.delete({ model: "tiny" }))).toEqual([
    409,
    '"tiny" is all that the alias "mine" stands for: delete the alias first',
  ]);
  expect(deeds()).toEqual([]);
  await removeAliases(router, "mine", "yours");
});

test("an alias of a prefix is asked by whatever name begins so", async () => {
  await setAliases(router, { alias: "claude-", target: "tiny", prefix_matching: true });
  const chat = await client.chat({ model: "claude-sonnet-4-5", messages: [QUESTION] });
  expect([chat.model, chat.message.content]).toEqual(["claude-sonnet-4-5", ANSWER]);
  expect(await names()).toEqual(["tiny:latest"]);
  await removeAliases(router, "claude-");
});
