/** Conversations that begin otherwise are others, and what says nothing of a conversation is none. */

import { describe, expect, test } from "bun:test";

import { chat, HELLO, input, LATER, openingIn, SYSTEM, text } from "../support/openings.ts";

const IMAGE = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };

const OTHERS: readonly (readonly [what: string, path: string, one: object, other: object])[] = [
  ["first message", "/v1/chat/completions", chat(HELLO), chat({ role: "user", content: "Hello!" })],
  [
    "first message, behind the same system text",
    "/api/chat",
    chat(SYSTEM, HELLO),
    chat(SYSTEM, { role: "user", content: "Hi" }),
  ],
  [
    "system text",
    "/v1/chat/completions",
    chat(SYSTEM, HELLO),
    chat({ role: "system", content: "You are a cook." }, HELLO),
  ],
  ["system text, or none", "/api/chat", chat(SYSTEM, HELLO), chat(HELLO)],
  [
    "developer's text",
    "/v1/chat/completions",
    chat({ role: "developer", content: "Be brief." }, HELLO),
    chat({ role: "developer", content: "Be long." }, HELLO),
  ],
  [
    "second system text",
    "/v1/chat/completions",
    chat(SYSTEM, { role: "developer", content: "a" }, HELLO),
    chat(SYSTEM, { role: "developer", content: "b" }, HELLO),
  ],
  [
    "second part",
    "/v1/chat/completions",
    chat({ role: "user", content: [text("Hello"), text("Ann")] }),
    chat({ role: "user", content: [text("Hello"), text("Bob")] }),
  ],
  [
    "part behind an image",
    "/v1/chat/completions",
    chat({ role: "user", content: [IMAGE, text("Ann")] }),
    chat({ role: "user", content: [IMAGE, text("Bob")] }),
  ],
  [
    "parting of the same letters",
    "/api/chat",
    chat({ role: "system", content: "ab" }, { role: "user", content: "c" }),
    chat({ role: "system", content: "a" }, { role: "user", content: "bc" }),
  ],
  [
    "speaker",
    "/v1/chat/completions",
    chat({ role: "system", content: "x" }, HELLO),
    chat({ role: "assistant", content: "x" }, HELLO),
  ],
  [
    "system field",
    "/v1/messages",
    { system: "Be brief.", messages: [HELLO] },
    { system: "Be long.", messages: [HELLO] },
  ],
  [
    "system field, or none",
    "/v1/messages",
    { system: "Be brief.", messages: [HELLO] },
    { messages: [HELLO] },
  ],
  [
    "block of the system text",
    "/v1/messages",
    { system: [text("a"), text("b")], messages: [HELLO] },
    { system: [text("a"), text("c")], messages: [HELLO] },
  ],
  [
    "first message behind system blocks",
    "/v1/messages",
    { system: [text("a")], messages: [HELLO] },
    { system: [text("a")], messages: LATER },
  ],
  [
    "instructions",
    "/v1/responses",
    { instructions: "a", input: "Hello" },
    { instructions: "b", input: "Hello" },
  ],
  ["input", "/v1/responses", { instructions: "a", input: "Hello" }, { instructions: "a", input: "Hi" }],
  ["item of the input", "/v1/responses", input(HELLO), input({ role: "user", content: "Hi" })],
  ["prompt", "/api/generate", { system: "a", prompt: "Hello" }, { system: "a", prompt: "Hi" }],
  [
    "system text of a prompt",
    "/api/generate",
    { system: "a", prompt: "Hello" },
    { system: "b", prompt: "Hello" },
  ],
];

test.each(OTHERS)("another %s (%s) is another conversation", (_, path, one, other) => {
  const [first, second] = [one, other].map((body) => openingIn(path, JSON.stringify(body)));
  expect(first).toBeString();
  expect(second).toBeString();
  expect(first).not.toBe(second);
});

describe("there is no conversation", () => {
  test.each([
    ["/v1/chat/completions", '{"model":"m"}'],
    ["/v1/chat/completions", '{"model":"m","prompt":"Hello","input":"Hello"}'],
    ["/v1/messages", '{"system":"Be brief."}'],
    ["/v1/responses", '{"instructions":"Be brief.","previous_response_id":"x"}'],
    ["/api/generate", '{"system":"Be brief."}'],
    ["/api/chat", "null"],
  ])("on %s in %s", (path, body) => {
    expect(openingIn(path, body)).toBeUndefined();
  });

  test.each(["/v1/completions", "/v1/embeddings", "/api/embed", "/v1/rerank", "/v1/messages/count_tokens"])(
    "on %s",
    (path) => {
      expect(openingIn(path, JSON.stringify({ ...chat(HELLO), prompt: "x", input: "x" }))).toBeUndefined();
    },
  );
});
