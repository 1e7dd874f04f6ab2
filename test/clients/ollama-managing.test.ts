/** The official Ollama client pulls, pushes, creates, copies and deletes models through the router; every list that follows tells. */

import { expect, test } from "bun:test";

import { Ollama } from "ollama";

import { backendTable } from "../support/backend-table.ts";
import { type CapturedOllama, capturedOllama } from "../support/captured-ollama.ts";
import { failureLike } from "../support/failure.ts";
import { mellamo } from "../support/mellamo.ts";
import { ANSWER, QUESTION } from "../support/tiny-talk.ts";

interface Setting extends AsyncDisposable {
  readonly client: Ollama;
  readonly url: string;
  readonly engine: CapturedOllama;
  /** The names in the list, sorted. */
  readonly list: () => Promise<string[]>;
}

async function setting(): Promise<Setting> {
  const engine = capturedOllama("tiny:latest");
  const router = await mellamo(
    `[server]\nmax_body = "32KiB"\n${backendTable("box", engine.url)}[aliases]\nllama = "tiny"\n`,
  );
  const client = new Ollama({ host: router.url });
  return {
    client,
    url: router.url,
    engine,
    list: async () => (await client.list()).models.map(({ name }) => name).toSorted(),
    async [Symbol.asyncDispose]() {
      await router[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

const BEFORE = ["llama:latest", "tiny:latest"];

test("a pull shows its progress, and the model is there when it says success", async () => {
  await using it = await setting();
  const seen = [];
  for await (const line of await it.client.pull({ model: "fresh", stream: true })) {
    seen.push(line);
    if (line.status === "success") expect(await it.list()).toEqual(["fresh:latest", ...BEFORE]);
  }
  expect([seen[0]?.status, seen.at(-1)?.status]).toEqual(["pulling manifest", "success"]);
  expect(seen.some(({ total, completed }) => total === 148 && completed === 148)).toBe(true);
});

test("a pull without progress answers once, and the model can be asked at once", async () => {
  await using it = await setting();
  expect(await it.client.pull({ model: "fresh" })).toMatchObject({ status: "success" });
  expect((await it.client.chat({ model: "fresh", messages: [QUESTION] })).message.content).toBe(ANSWER);
});

test("a pull of an alias is one of the model it stands for", async () => {
  await using it = await setting();
  await it.client.pull({ model: "llama" });
  expect(it.engine.calls).toMatchObject([{ what: "POST /api/pull", asked: { name: "tiny:latest" } }]);
});

test("a pull that fails midway fails in the engine's words", async () => {
  await using it = await setting();
  const stream = await it.client.pull({ model: "nosuch", stream: true });
  const failure = await failureLike(Error, Array.fromAsync(stream));
  expect(failure.message).toBe("pull model manifest: file does not exist");
});

test("a push shows its progress, of an alias too", async () => {
  await using it = await setting();
  const lines = await Array.fromAsync(await it.client.push({ model: "llama", stream: true }));
  expect([lines[0]?.status, lines.at(-1)?.status]).toEqual(["retrieving manifest", "success"]);
  expect(it.engine.calls).toMatchObject([{ what: "POST /api/push", asked: { name: "tiny:latest" } }]);
});

test("a model is created from an alias, and shows its progress", async () => {
  await using it = await setting();
  const asked = { model: "brief", from: "llama", system: "You are brief.", stream: true as const };
  const lines = await Array.fromAsync(await it.client.create(asked));
  expect(lines.at(-1)?.status).toBe("success");
  expect(it.engine.calls).toMatchObject([
    { what: "POST /api/create", asked: { ...asked, from: "tiny:latest" } },
  ]);
  expect(await it.list()).toEqual(["brief:latest", ...BEFORE]);
});

test("a model is created from a file, however large, that was uploaded through the router", async () => {
  await using it = await setting();
  // larger than any other body may be
  const file = crypto.getRandomValues(new Uint8Array(60_000));
  const digest = `sha256:${new Bun.CryptoHasher("sha256").update(file).digest("hex")}`;
  const blob = `${it.url}/api/blobs/${digest}`;
  const statuses = [
    (await fetch(blob, { method: "HEAD" })).status,
    (await fetch(blob, { method: "POST", body: file })).status,
    (await fetch(blob, { method: "HEAD" })).status,
  ];
  expect(statuses).toEqual([404, 201, 200]);
  const asked = { model: "homemade", files: { "homemade.gguf": digest } };
  expect(await it.client.create(asked)).toMatchObject({ status: "success" });
  const chat = await it.client.chat({ model: "homemade", messages: [QUESTION] });
  expect([chat.model, chat.message.content]).toEqual(["homemade", ANSWER]);
});

test("a model from a file that nobody uploaded fails in the engine's words", async () => {
  await using it = await setting();
  const asked = { model: "homemade", files: { a: `sha256:${"0".repeat(64)}` }, stream: true as const };
  const failure = await failureLike(Error, Array.fromAsync(await it.client.create(asked)));
  expect(failure.message).toContain("no such file or directory");
});

test("a copy can be asked and listed, and once deleted is gone", async () => {
  await using it = await setting();
  expect(await it.client.copy({ source: "tiny", destination: "double" })).toEqual({ status: "success" });
  expect(await it.list()).toEqual(["double:latest", ...BEFORE]);
  expect((await it.client.chat({ model: "double", messages: [QUESTION] })).model).toBe("double");

  expect(await it.client.delete({ model: "double" })).toEqual({ status: "success" });
  expect(await it.list()).toEqual(BEFORE);
  const failure = await failureLike(Error, it.client.chat({ model: "double", messages: [QUESTION] }));
  expect(failure).toHaveProperty("status_code", 404);
});

test("an alias of the configuration file is neither deleted nor written over", async () => {
  await using it = await setting();
  const deeds = [
    () => it.client.delete({ model: "llama" }),
    () => it.client.copy({ source: "tiny", destination: "llama" }),
    () => it.client.create({ model: "llama", from: "tiny" }),
  ];
  // one after the other: a failure that nobody awaits yet would be the test's own
  for (const deed of deeds) {
    const failure = await failureLike(Error, deed());
    expect(failure).toHaveProperty("status_code", 409);
    expect(failure.message).toBe('alias "llama" is defined in the configuration file');
  }
  expect(it.engine.calls).toEqual([]);
});
