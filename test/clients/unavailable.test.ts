/** What nobody can serve, ever or just now, reaches users of the official clients as errors that tell these cases apart. */

import { expect, test } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

import { backendTable } from "../support/backend-table.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { failureLike } from "../support/failure.ts";
import { mellamo } from "../support/mellamo.ts";
import { QUESTION } from "../support/tiny-talk.ts";

const ASKED = { model: "alias", max_tokens: 100, messages: [QUESTION] };

const configFor = (backend: RawBackend): string =>
  `${backendTable("box", backend.url, 'engine = "ollama"')}[models]\nm = "box"\n[aliases]\nalias = "m"\n`;

const openai = (url: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0 });
const anthropic = (url: string): Anthropic => new Anthropic({ baseURL: url, apiKey: "none", maxRetries: 0 });

test("what the engine of a model cannot do is status 501, with the engines that can", async () => {
  await using backend = await rawBackend(["m"], () => {}, "ollama");
  await using router = await mellamo(configFor(backend));
  const { model, messages } = ASKED;
  const counting = await failureLike(
    Anthropic.NotImplementedError,
    anthropic(router.url).messages.countTokens({ model, messages }),
  );
  expect(counting.error).toMatchObject({
    type: "error",
    error: {
      type: "api_error",
      message:
        '"alias" is served by box (Ollama), which has no /v1/messages/count_tokens; engines that have it: llama.cpp, vLLM',
    },
  });
  const speaking = await failureLike(
    OpenAI.InternalServerError,
    openai(router.url).audio.speech.create({ model, voice: "alloy", input: "Why?" }),
  );
  expect([speaking.status, speaking.type]).toEqual([501, "api_error"]);
  expect(backend.talks).toEqual([]);
});

test("a model whose only backend is down is status 503, with how long to wait", async () => {
  await using backend = await rawBackend(["m"], () => {}, "ollama");
  await backend.stop();
  await using router = await mellamo(configFor(backend));
  const chat = await failureLike(
    OpenAI.InternalServerError,
    openai(router.url).chat.completions.create(ASKED),
  );
  expect([chat.status, chat.headers?.get("retry-after")]).toEqual([503, "5"]);
  expect(chat.message).toBe('503 no backend that has "alias" is up (box: connection refused)');
  const message = await failureLike(
    Anthropic.ServiceUnavailableError,
    anthropic(router.url).messages.create(ASKED),
  );
  expect([message.type, message.headers?.get("retry-after")]).toEqual(["overloaded_error", "5"]);
});

test("a model whose backend went away while it was up is status 502, and 503 from then on", async () => {
  await using backend = await rawBackend(["m"], () => {}, "ollama");
  await using router = await mellamo(configFor(backend));
  await backend.stop();
  const ask = async (): Promise<number> =>
    (await failureLike(OpenAI.InternalServerError, openai(router.url).chat.completions.create(ASKED))).status;
  expect(await ask()).toBe(502);
  await router.log.until(/event="backend down"/);
  expect(await ask()).toBe(503);
});
