/** Official clients that give a call up before anything has come end the router's call to the engine too. */

import { afterAll, beforeAll, expect, test } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";
import { Ollama } from "ollama";
import OpenAI from "openai";

import { backendTable } from "../support/backend-table.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { failureLike } from "../support/failure.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { fieldOf, requestsTo } from "../support/request-log.ts";
import { nothingInFlight } from "../support/settled.ts";
import { backends, inflight } from "../support/status.ts";
import { QUESTION } from "../support/tiny-talk.ts";

/** How long an engine may go on working for nobody. */
const DEADLINE_MS = 2000;

const ASKED = { model: "m", max_tokens: 100, messages: [QUESTION] };

type Failure = abstract new (...args: never[]) => Error;
type GiveUp = (url: string, signal: AbortSignal) => PromiseLike<unknown>;

const openai = (url: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" });
const anthropic = (url: string): Anthropic => new Anthropic({ baseURL: url, apiKey: "none" });

/** The Ollama client aborts only what streams already; its `fetch` can be given a signal. */
function ollama(url: string, signal: AbortSignal): Ollama {
  const aborting = (input: string | URL | Request, init?: RequestInit) => fetch(input, { ...init, signal });
  return new Ollama({ host: url, fetch: Object.assign(aborting, { preconnect: fetch.preconnect }) });
}

const CALLS: readonly [name: string, path: string, error: Failure, giveUp: GiveUp][] = [
  [
    "an OpenAI chat",
    "/v1/chat/completions",
    OpenAI.APIUserAbortError,
    (url, signal) => openai(url).chat.completions.create(ASKED, { signal }),
  ],
  [
    "an OpenAI embedding",
    "/v1/embeddings",
    OpenAI.APIUserAbortError,
    (url, signal) => openai(url).embeddings.create({ model: "m", input: "" }, { signal }),
  ],
  [
    "an Anthropic message",
    "/v1/messages",
    Anthropic.APIUserAbortError,
    (url, signal) => anthropic(url).messages.create(ASKED, { signal }),
  ],
  [
    "an Anthropic message whose stream has not begun",
    "/v1/messages",
    Anthropic.APIUserAbortError,
    (url, signal) => anthropic(url).messages.create({ ...ASKED, stream: true }, { signal }),
  ],
  ["an Ollama chat", "/api/chat", DOMException, (url, signal) => ollama(url, signal).chat(ASKED)],
  [
    "an Ollama text",
    "/api/generate",
    DOMException,
    (url, signal) => ollama(url, signal).generate({ model: "m", prompt: "" }),
  ],
];

let stack: AsyncDisposableStack;
let backend: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  backend = stack.use(await rawBackend(["m"], () => {}, "ollama"));
  router = stack.use(await mellamo(backendTable("b", backend.url, 'engine = "ollama"')));
});
afterAll(() => stack.disposeAsync());

test.each(CALLS)("%s that is given up ends the call to the engine", async (_, path, error, giveUp) => {
  const [before, logged] = [backend.talks.length, await requestsTo(path, router)];
  const controller = new AbortController();
  const failure = failureLike(error, giveUp(router.url, controller.signal));
  const talk = await backend.talk(before);
  expect(await inflight(router)).toBe(1);
  controller.abort();
  await failure;
  await within(DEADLINE_MS, talk.closed);
  await nothingInFlight(router);
  const lines = (await requestsTo(path, router)).slice(logged.length);
  expect(lines.map((line) => fieldOf(line, "status"))).toEqual(["499"]);
  expect(await backends(router)).toMatchObject([{ up: true }]);
});

test("a client that waits no longer than its own timeout leaves nothing behind", async () => {
  const before = backend.talks.length;
  const call = openai(router.url).chat.completions.create(ASKED, { timeout: 100, maxRetries: 1 });
  await failureLike(OpenAI.APIConnectionTimeoutError, call);
  for (const index of [before, before + 1]) await within(DEADLINE_MS, (await backend.talk(index)).closed);
  await nothingInFlight(router);
  expect(await backends(router)).toMatchObject([{ up: true }]);
});
