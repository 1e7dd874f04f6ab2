/** What goes wrong reaches users of the official Ollama client as a ResponseError in Ollama's words, or breaks the stream they read. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { Ollama } from "ollama";

import { backendTable } from "../support/backend-table.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { failureLike } from "../support/failure.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { requestsTo } from "../support/request-log.ts";
import { nothingInFlight } from "../support/settled.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const client = (url: string): Ollama => new Ollama({ host: url });

const tableOf = (url: string): string => backendTable("box", url, 'engine = "ollama"');

const UNKNOWN: Record<string, readonly [message: string, ask: (ollama: Ollama) => Promise<unknown>]> = {
  chat: ["model 'none' not found", (ollama) => ollama.chat({ model: "none", messages: [QUESTION] })],
  "streamed chat": [
    "model 'none' not found",
    (ollama) => ollama.chat({ model: "none", messages: [QUESTION], stream: true }),
  ],
  generate: ["model 'none' not found", (ollama) => ollama.generate({ model: "none", prompt: "" })],
  embed: [
    'model "none" not found, try pulling it first',
    (ollama) => ollama.embed({ model: "none", input: "" }),
  ],
  embeddings: [
    'model "none" not found, try pulling it first',
    (ollama) => ollama.embeddings({ model: "none", prompt: "" }),
  ],
  show: ["model 'none:latest' not found", (ollama) => ollama.show({ model: "none" })],
  delete: ["model 'none' not found", (ollama) => ollama.delete({ model: "none" })],
  copy: ['model "none" not found', (ollama) => ollama.copy({ source: "none", destination: "new" })],
};

describe("an unknown model", () => {
  let backend: RawBackend;
  let router: Mellamo;
  beforeAll(async () => {
    backend = await rawBackend(["m"], () => {}, "ollama");
    router = await mellamo(tableOf(backend.url));
  });
  afterAll(async () => {
    await router[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
  });

  // at once, because each unknown name waits for another look at the backends
  test.concurrent.each(Object.entries(UNKNOWN))(
    "is a ResponseError with status 404: %s",
    async (_, [message, ask]) => {
      const failure = await failureLike(Error, ask(client(router.url)));
      expect(failure).toMatchObject({ name: "ResponseError", status_code: 404, error: message });
      expect(backend.talks).toEqual([]);
    },
  );
});

test("an image that is too large is a ResponseError with status 413, not a lost connection", async () => {
  await using backend = await rawBackend(["m"], () => {}, "ollama");
  await using router = await mellamo(`[server]\nmax_body = "64KiB"\n${tableOf(backend.url)}`);
  const images = [new Uint8Array(8 * 1024 * 1024)];
  const call = client(router.url).chat({ model: "m", messages: [{ ...QUESTION, images }] });
  const failure = await failureLike(Error, call);
  expect(failure).toMatchObject({ status_code: 413, error: "request body is larger than 64KiB" });
});

test("a model whose only backend is down is a ResponseError with status 503 that says why", async () => {
  await using backend = await rawBackend(["m"], () => {}, "ollama");
  await backend.stop();
  await using router = await mellamo(`${tableOf(backend.url)}[models]\nm = "box"\n`);
  const failure = await failureLike(Error, client(router.url).chat({ model: "m", messages: [QUESTION] }));
  expect(failure).toMatchObject({
    status_code: 503,
    error: 'no backend that has "m" is up (box: connection refused)',
  });
  expect(await requestsTo("/api/chat", router)).toHaveLength(1);
});

test("an engine's own error is passed on word for word", async () => {
  const text = "registry.ollama.ai/library/m:latest does not support tools";
  await using backend = await rawBackend(
    ["m"],
    (talk) => talk.answer(400, JSON.stringify({ error: text })),
    "ollama",
  );
  await using router = await mellamo(tableOf(backend.url));
  const failure = await failureLike(Error, client(router.url).chat({ model: "m", tools: [] }));
  expect(failure).toMatchObject({ status_code: 400, error: text });
});

test("an error in the midst of a stream is thrown in the engine's words", async () => {
  await using backend = await rawBackend(
    ["m"],
    async (talk) => {
      await talk.begin(200);
      await talk.chunk('{"model":"m","message":{"role":"assistant","content":" The"},"done":false}\n');
      await talk.chunk('{"error":"out of memory"}\n');
      await talk.chunk("");
    },
    "ollama",
  );
  await using router = await mellamo(tableOf(backend.url));
  const stream = await client(router.url).chat({ model: "m", messages: [QUESTION], stream: true });
  expect((await failureLike(Error, Array.fromAsync(stream))).message).toBe("out of memory");
});

test.each(["abort of the stream", "abort of the client"])("%s ends the call to the engine", async (how) => {
  await using backend = await rawBackend(
    ["m"],
    async (talk) => {
      await talk.begin(200);
      await talk.chunk('{"model":"m","message":{"role":"assistant","content":" The"},"done":false}\n');
    },
    "ollama",
  );
  await using router = await mellamo(tableOf(backend.url));
  const ollama = client(router.url);
  const stream = await ollama.chat({ model: "m", messages: [QUESTION], stream: true });
  const reading = Array.fromAsync(stream, () => (how === "abort of the stream" ? stream : ollama).abort());
  expect(await failureLike(DOMException, reading)).toHaveProperty("name", "AbortError");
  await within(2000, (await backend.talk(0)).closed);
  await nothingInFlight(router);
});
