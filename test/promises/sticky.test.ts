/** A conversation goes on where it was served before, among backends that are alike: what an engine has read it need not read again. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, labelOf, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { type Body, homeOf, messages, turn } from "../support/conversations.ts";
import { eventually } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const fine = (talk: Talk): Promise<void> => talk.answer(200, '{"model":"m"}');

let a: RawBackend;
let b: RawBackend;
let router: Mellamo;

beforeEach(async () => {
  a = await rawBackend(["m"], fine, "ollama");
  b = await rawBackend(["m"], fine, "ollama");
  router = await start();
});

afterEach(async () => {
  await Promise.all([router, a, b].map((each) => each[Symbol.asyncDispose]()));
});

function start(toml = ""): Promise<Mellamo> {
  return routerOver(
    { a: { url: a.url, engine: "ollama" }, b: { url: b.url, engine: "ollama" } },
    `${toml}[aliases]\nalias = "m"\n`,
  );
}

/** The bodies of a conversation's turns: each carries all that was said before. */
type Turns = (topic: string, turn: number) => Body;

const BRIEF = { type: "text", text: "You are brief." };

const CONVERSATIONS: readonly (readonly [string, path: string, Turns])[] = [
  ["Ollama's", "/api/chat", (topic, turn) => ({ messages: messages(topic, turn) })],
  ["OpenAI's", "/v1/chat/completions", (topic, turn) => ({ messages: messages(topic, turn) })],
  [
    "OpenAI's with a system text, and more settings from turn to turn",
    "/v1/chat/completions",
    (topic, turn) => ({
      temperature: turn / 10,
      messages: messages(topic, turn, [{ role: "system", content: "You are brief." }]),
      tools: Array.from({ length: turn }, () => ({ type: "function" })),
    }),
  ],
  [
    "OpenAI's with parts",
    "/v1/chat/completions",
    (topic, turn) => ({
      messages: messages("", turn).with(0, { role: "user", content: [{ type: "text", text: topic }] }),
    }),
  ],
  [
    "of responses",
    "/v1/responses",
    (topic, turn) => ({ instructions: "You are brief.", input: messages(topic, turn) }),
  ],
  [
    "Anthropic's, whose marks for caches wander",
    "/v1/messages",
    (topic, turn) => ({
      max_tokens: 100 + turn,
      system: [turn % 2 === 0 ? { ...BRIEF, cache_control: { type: "ephemeral" } } : BRIEF],
      messages: messages(topic, turn),
    }),
  ],
];

test.each(CONVERSATIONS)("%s: over several turns, while others come and go", async (_, path, turns) => {
  const homes = new Map<string, Set<string>>();
  for (let index = 0; index < 4; index++) {
    for (const topic of ["stars", "trees", "rivers", "bread", "music"]) {
      const home = await homeOf(router, turns(topic, index), path);
      homes.set(topic, (homes.get(topic) ?? new Set()).add(home));
    }
    // whoever only had the next turn would not notice otherwise
    await homeOf(router, {}, path.startsWith("/api/") ? "/api/embed" : "/v1/embeddings");
  }
  expect([...homes.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1]);
  expect(new Set([...homes.values()].flatMap((names) => [...names]))).toEqual(new Set(["a", "b"]));
});

test("the same words to another model, or after another system text, are another conversation", async () => {
  const homes = new Set<string>();
  for (const first of ["Be brief.", "Be polite.", "Be funny.", "Be quick."])
    homes.add(await homeOf(router, { messages: messages("hello", 0, [{ role: "system", content: first }]) }));
  expect(homes).toEqual(new Set(["a", "b"]));
});

test("under an alias, and as a stream", async () => {
  for (const engine of [a, b])
    engine.behave(async (talk) => {
      await talk.begin(200, { "content-type": "text/event-stream" });
      await talk.chunk("data: {}\n\n");
      await talk.chunk("");
    });
  const homes = new Set<string>();
  for (let index = 0; index < 4; index++) {
    homes.add(
      await homeOf(router, { ...turn("hello", index), stream: true }, "/v1/chat/completions", "alias"),
    );
    await homeOf(router, {});
  }
  expect(homes.size).toBe(1);
});

test("also where the other has less to do", async () => {
  const home = await homeOf(router, turn("hello"));
  const held: Talk[] = [];
  (home === "a" ? a : b).behave((talk) => (labelOf(talk) === "held" ? void held.push(talk) : fine(talk)));
  // the conversation goes on in three ways at once
  const asked = [1, 2].map(() => ask(router, "held", { more: turn("hello", 1) }));
  await eventually(SOON_MS, () => held.length === 2);
  expect(await homeOf(router, turn("hello", 1))).toBe(home);
  for (const { leave } of asked) leave();
});

test("with sticky = false turns are spread like any requests", async () => {
  await using spread = await start("[routing]\nsticky = false\n");
  const homes: string[] = [];
  for (let index = 0; index < 4; index++) homes.push(await homeOf(spread, turn("hello", index)));
  expect(homes.toSorted()).toEqual(["a", "a", "b", "b"]);
});
