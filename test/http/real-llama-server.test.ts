/** A real llama-server behind the router answers on every path it has as if it were asked directly, but for the name. */

import { describe, expect } from "bun:test";

import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { ANSWER, QUESTION } from "../support/tiny-talk.ts";

const stage = llamaStage(
  {
    chat: { alias: "org/Tiny-Model.gguf" },
    rank: { alias: "Tiny-Ranker", kind: { embeds: true }, args: ["--reranking"] },
  },
  '[aliases]\nchat = "org/Tiny-Model.gguf"\nrank = "tiny-ranker"\n',
);

const MESSAGES = { messages: [QUESTION], max_tokens: 100 };

const CALLS: readonly [path: string, body: object][] = [
  ["/v1/chat/completions", MESSAGES],
  ["/v1/completions", { prompt: "Why?" }],
  ["/v1/responses", { input: QUESTION.content }],
  ["/v1/messages", MESSAGES],
  ["/v1/messages/count_tokens", MESSAGES],
];

function post(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const sent = body instanceof Uint8Array || typeof body === "string" ? body : JSON.stringify(body);
  return fetch(url + path, {
    method: "POST",
    body: sent,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** What differs from call to call, even when the same is asked. */
function lasting(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      ["id", "created", "created_at", "completed_at", "timings", "model", "usage"].includes(key)
        ? undefined
        : value,
    ),
  );
}

describe.each(CALLS)("%s", (path, body) => {
  testWithLlama("is answered as by the engine itself, under the name that was asked for", async () => {
    const model = "chat";
    const direct = await post(stage.engine(model).url, path, body);
    const through = await post(stage.url, path, { model, ...body });
    expect(through.status).toBe(direct.status);
    expect(through.headers.get("content-type")).toBe(direct.headers.get("content-type"));
    const [ours, theirs] = [await through.json(), await direct.json()];
    expect(lasting(ours)).toEqual(lasting(theirs));
    const named = typeof theirs === "object" && theirs !== null && "model" in theirs;
    if (named) expect(ours).toHaveProperty("model", model);
    else expect(ours).not.toHaveProperty("model");
  });
});

testWithLlama("documents are ranked, under the name that was asked for", async () => {
  const documents = ["by air", "the sky is blue", "no"];
  const answer = await post(stage.url, "/v1/rerank", { model: "rank", query: QUESTION.content, documents });
  const { model, results } = (await answer.json()) as {
    readonly model: string;
    readonly results: readonly { readonly index: number; readonly relevance_score: number }[];
  };
  expect(model).toBe("rank");
  // the scores are noise: the tiny model has never learnt to rank
  expect(results.map(({ index }) => index).toSorted()).toEqual([0, 1, 2]);
});

testWithLlama("a llama-server that was not started for ranking says so itself", async () => {
  const answer = await post(stage.url, "/v1/rerank", { model: "chat", query: "?", documents: [] });
  expect(answer.status).toBe(501);
  expect(await answer.json()).toHaveProperty("error.type", "not_supported_error");
});

testWithLlama("tokens are counted", async () => {
  const counted = await post(stage.url, "/v1/messages/count_tokens", { model: "chat", ...MESSAGES });
  expect(await counted.json()).toEqual({ input_tokens: expect.any(Number) });
});

testWithLlama("a form with a recording gets the engine's own refusal", async () => {
  const form = new FormData();
  form.set("model", "chat");
  form.set("file", new Blob(["RIFF"]), "speech.wav");
  const answer = await fetch(`${stage.url}/v1/audio/transcriptions`, { method: "POST", body: form });
  expect(answer.status).toBe(501);
  expect(await answer.json()).toHaveProperty(
    "error.message",
    "The current model does not support audio input.",
  );
});

describe("a body that is compressed", () => {
  const text = JSON.stringify({ model: "chat", ...MESSAGES });
  const encodings: readonly [encoding: string, body: Uint8Array<ArrayBuffer>][] = [
    ["zstd", new Uint8Array(Bun.zstdCompressSync(text))],
    ["gzip", Bun.gzipSync(text)],
    ["identity", new TextEncoder().encode(text)],
  ];

  testWithLlama.each(encodings)("by %s is read and answered", async (encoding, body) => {
    const headers = { "content-encoding": encoding };
    const chat = await post(stage.url, "/v1/chat/completions", body, headers);
    expect(await chat.json()).toMatchObject({ model: "chat", choices: [{ message: { content: ANSWER } }] });
    const message = await post(stage.url, "/v1/messages", body, headers);
    expect(await message.json()).toMatchObject({ model: "chat", content: [{ text: ANSWER }] });
  });

  testWithLlama("and broken is refused with status 400", async () => {
    for (const [encoding, body] of encodings.slice(0, 2)) {
      const answer = await post(stage.url, "/v1/messages", body.subarray(0, -9), {
        "content-encoding": encoding,
      });
      expect([encoding, answer.status]).toEqual([encoding, 400]);
      expect(await answer.json()).toHaveProperty("error.type", "invalid_request_error");
    }
  });

  testWithLlama("in a way that nobody here reads is refused with status 415", async () => {
    const answer = await post(stage.url, "/v1/messages", "?", { "content-encoding": "br" });
    expect(answer.status).toBe(415);
  });
});
