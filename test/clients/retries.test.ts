/** How often the official clients ask again, and what comes of it, when backends are down or in trouble. */

import { describe, expect, test } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { backendTable } from "../support/backend-table.ts";
import { rawBackend, type Talk } from "../support/backend.ts";
import { failureOf } from "../support/failure.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { requestsTo } from "../support/request-log.ts";
import { QUESTION } from "../support/tiny-talk.ts";

/** An engine that has Anthropic's dialect too, and says no more of itself than its list. */
const tableOf = (url: string): string => backendTable("b", url, 'engine = "sglang"');

const ASKED = { model: "m", max_tokens: 100, messages: [QUESTION] };

interface Client {
  readonly path: string;
  readonly error: typeof OpenAI.APIError | typeof Anthropic.APIError;
  readonly ask: (router: Mellamo, maxRetries: number) => Promise<string | null | undefined>;
}

const CLIENTS: Record<string, Client> = {
  openai: {
    path: "/v1/chat/completions",
    error: OpenAI.APIError,
    ask: async ({ url }, maxRetries) => {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries });
      return (await client.chat.completions.create(ASKED)).choices[0]?.message.content;
    },
  },
  anthropic: {
    path: "/v1/messages",
    error: Anthropic.APIError,
    ask: async ({ url }, maxRetries) => {
      const client = new Anthropic({ baseURL: url, apiKey: "none", maxRetries });
      const [block] = (await client.messages.create(ASKED)).content;
      return block?.type === "text" ? block.text : undefined;
    },
  },
};

/** What the router tells clients to wait for a backend that is down. */
const RETRY_AFTER_MS = 5000;

/** An answer that either dialect can read. */
const HELLO = JSON.stringify({
  model: "m",
  choices: [{ message: { content: "Hello" } }],
  type: "message",
  content: [{ type: "text", text: "Hello" }],
});

const answer = (talk: Talk): Promise<void> => talk.answer(200, HELLO);

/** The clients wait for as long as the answer says, and else for half a second and more. */
const AT_ONCE = { "content-type": "application/json", "retry-after-ms": "1" };

describe.each(Object.entries(CLIENTS))("%s", (_, { path, error, ask }) => {
  test("asks once when no backend can be reached", async () => {
    await using backend = await rawBackend(["m"], answer);
    await using router = await mellamo(tableOf(backend.url));
    await backend.stop();
    const failure = await failureOf(ask(router, 2));
    expect(failure).toBeInstanceOf(error);
    expect(failure).toHaveProperty("status", 502);
    expect(String(failure)).toContain("no backend could be reached: b: connection refused");
    expect(await requestsTo(path, router)).toHaveLength(1);
  });

  test("asks as often as it would without a router when an engine answers with a failure", async () => {
    await using backend = await rawBackend(["m"], (talk) =>
      talk.answer(500, '{"error":{"message":"out of memory"}}', AT_ONCE),
    );
    await using router = await mellamo(tableOf(backend.url));
    const failure = await failureOf(ask(router, 2));
    expect(failure).toBeInstanceOf(error);
    expect(failure).toHaveProperty("status", 500);
    expect(String(failure)).toContain("out of memory");
    expect(backend.talks.map(({ headers }) => headers.get("x-stainless-retry-count"))).toEqual([
      "0",
      "1",
      "2",
    ]);
  });

  test("gets its answer by asking again when an engine was only busy", async () => {
    await using backend = await rawBackend(["m"], (talk) =>
      talk.headers.get("x-stainless-retry-count") === "0"
        ? talk.answer(429, '{"error":{"message":"busy"}}', AT_ONCE)
        : answer(talk),
    );
    await using router = await mellamo(tableOf(backend.url));
    expect(await ask(router, 2)).toBe("Hello");
    expect(backend.talks).toHaveLength(2);
  });

  test("does not hear of a backend that is in trouble while another one answers", async () => {
    await using broken = await rawBackend(["m"], (talk) => talk.answer(503, '{"error":{"message":"no"}}'));
    await using sound = await rawBackend(["m"], answer);
    const first = backendTable("a", broken.url, 'engine = "sglang"\npriority = 200');
    await using router = await mellamo(first + tableOf(sound.url));
    expect(await ask(router, 0)).toBe("Hello");
    expect([broken.talks.length, sound.talks.length]).toEqual([1, 1]);
  });
});

test("clients that wait for as long as they are told are served once a backend is up", async () => {
  await using backend = await rawBackend(["m"], answer);
  await backend.stop();
  await using router = await mellamo(`${tableOf(backend.url)}[models]\nm = "b"\n`);
  const startedMs = performance.now();
  const asking = Promise.all(Object.values(CLIENTS).map(({ ask }) => ask(router, 1)));
  for (const { path } of Object.values(CLIENTS))
    await router.log.until(new RegExp(`event=request .* path=${path} status=503`));
  await backend.start();
  expect(await asking).toEqual(["Hello", "Hello"]);
  expect(performance.now() - startedMs).toBeGreaterThan(RETRY_AFTER_MS * 0.9);
  for (const { path } of Object.values(CLIENTS)) expect(await requestsTo(path, router)).toHaveLength(2);
}, 20_000);
