/** What official clients send as their key: engines get it where they have none of their own in the configuration, and never otherwise. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import Anthropic from "@anthropic-ai/sdk";
import { Ollama } from "ollama";
import OpenAI from "openai";

import { backendTable } from "../support/backend-table.ts";
import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { failureLike } from "../support/failure.ts";
import { llamaStage, testWithLlama } from "../support/llama-stage.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { ANSWER, QUESTION } from "../support/tiny-talk.ts";

const ASKED = { max_tokens: 100, messages: [QUESTION] };

/** Any client can read it. */
const ANSWERED = '{"model":"m","type":"message","message":{},"content":[],"choices":[],"done":true}';

interface Sent {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
}

/** The credentials that came with a request. */
function sentWith(talk: Talk | undefined): Sent {
  return { authorization: talk?.headers.get("authorization"), apiKey: talk?.headers.get("x-api-key") };
}

const NONE: Sent = { authorization: undefined, apiKey: undefined };

const bearer = (key: string): Sent => ({ authorization: `Bearer ${key}`, apiKey: undefined });

function withHeaders(baseURL: string, defaultHeaders: Record<string, string>): Anthropic {
  return new Anthropic({ baseURL, apiKey: null, authToken: null, defaultHeaders });
}

const CLIENTS: readonly [name: string, sent: Sent, ask: (url: string, model: string) => Promise<unknown>][] =
  [
    [
      "the OpenAI client with its key",
      bearer("mine"),
      (url, model) =>
        new OpenAI({ baseURL: `${url}/v1`, apiKey: "mine" }).chat.completions.create({ ...ASKED, model }),
    ],
    [
      "the Anthropic client with its key",
      bearer("mine"),
      (url, model) => new Anthropic({ baseURL: url, apiKey: "mine" }).messages.create({ ...ASKED, model }),
    ],
    [
      "the Anthropic client with its key in the older header",
      { authorization: undefined, apiKey: "mine" },
      (url, model) => withHeaders(url, { "X-Api-Key": "mine" }).messages.create({ ...ASKED, model }),
    ],
    [
      "the Anthropic client with both headers",
      { authorization: "Bearer token", apiKey: "mine" },
      (url, model) =>
        withHeaders(url, { "X-Api-Key": "mine", Authorization: "Bearer token" }).messages.create({
          ...ASKED,
          model,
        }),
    ],
    [
      "the Ollama client with a header",
      bearer("mine"),
      (url, model) =>
        new Ollama({ host: url, headers: { Authorization: "Bearer mine" } }).chat({ ...ASKED, model }),
    ],
    ["the Ollama client as it is", NONE, (url, model) => new Ollama({ host: url }).chat({ ...ASKED, model })],
  ];

let stack: AsyncDisposableStack;
let engine: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  engine = stack.use(await rawBackend(["m"], (talk) => talk.answer(200, ANSWERED), "ollama"));
  const tables =
    backendTable("open", engine.url, 'engine = "ollama"') +
    backendTable("keyed", engine.url, 'engine = "ollama"\nkey = "${ENGINE_KEY}"');
  const aliases = ["open", "keyed"].map(
    (name) => `${name} = { targets = [{ model = "m", backend = "${name}" }] }\n`,
  );
  router = stack.use(
    await mellamo(`${tables}[aliases]\n${aliases.join("")}`, { env: { ENGINE_KEY: "theirs" } }),
  );
});
afterAll(() => stack.disposeAsync());

describe.each(CLIENTS)("%s", (_, sent, ask) => {
  test("sends it to an engine without a key in the configuration", async () => {
    await ask(router.url, "open");
    expect(engine.talks.at(-1)?.body.toString()).toContain('"model":"m"');
    expect(sentWith(engine.talks.at(-1))).toEqual(sent);
  });

  test("has it replaced by the key in the configuration", async () => {
    await ask(router.url, "keyed");
    expect(sentWith(engine.talks.at(-1))).toEqual(bearer("theirs"));
  });
});

const stage = llamaStage(
  { locked: { alias: "for-the-few", args: ["--api-key", "sesame"], toml: 'key = "sesame"' } },
  '[aliases]\nalias = "for-the-few"\n',
);

testWithLlama(
  "a real llama-server that wants a key serves everybody where the configuration has it",
  async () => {
    const asked = { model: "alias", ...ASKED };
    const direct = new OpenAI({ baseURL: `${stage.engine("locked").url}/v1`, apiKey: "a guess" });
    await failureLike(OpenAI.AuthenticationError, direct.chat.completions.create(asked));

    const openai = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: "a guess" });
    const chat = await openai.chat.completions.create(asked);
    expect([chat.model, chat.choices[0]?.message.content]).toEqual(["alias", ANSWER]);

    const anthropic = withHeaders(stage.url, { "X-Api-Key": "a guess" });
    const message = await anthropic.messages.create(asked);
    expect([message.model, message.content]).toMatchObject(["alias", [{ text: ANSWER }]]);
  },
);
