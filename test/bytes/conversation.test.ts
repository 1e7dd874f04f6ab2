/** All turns of a conversation begin alike, whatever else its client says in them. */

import { expect, test } from "bun:test";

import { chat, HELLO, input, LATER, openingIn, SYSTEM, text } from "../support/openings.ts";

const MARK = { cache_control: { type: "ephemeral" } };

/** The paths that carry conversations, and bodies of the same one. */
const SAME: readonly (readonly [what: string, path: string, turns: readonly object[]])[] = [
  [
    "its later messages",
    "/v1/chat/completions",
    [chat(HELLO), chat(HELLO, ...LATER), chat(HELLO, ...LATER, HELLO)],
  ],
  ["its later messages", "/api/chat", [chat(SYSTEM, HELLO), chat(SYSTEM, HELLO, ...LATER)]],
  [
    "its later messages",
    "/v1/messages",
    [
      { model: "m", system: "Be brief.", messages: [HELLO] },
      { model: "m", system: "Be brief.", messages: [HELLO, ...LATER] },
    ],
  ],
  [
    "its later items",
    "/v1/responses",
    [
      input({ type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] }),
      input(
        { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] },
        { type: "reasoning", summary: [] },
        { type: "function_call", call_id: "1", name: "f", arguments: "{}" },
        { role: "user", content: "Where?" },
      ),
    ],
  ],
  [
    "what the model called and was told",
    "/api/chat",
    [
      chat(HELLO),
      chat(
        HELLO,
        { role: "assistant", content: "", tool_calls: [{ function: { name: "f", arguments: {} } }] },
        { role: "tool", content: "5" },
      ),
    ],
  ],
  [
    "its parameters",
    "/v1/chat/completions",
    [
      chat(HELLO),
      {
        ...chat(HELLO),
        temperature: 0.5,
        stream: true,
        tools: [{ type: "function", function: { name: "f" } }],
      },
      { stream: false, ...chat(HELLO) },
    ],
  ],
  [
    "its parameters",
    "/api/generate",
    [
      { model: "m", prompt: "Hello" },
      { prompt: "Hello", model: "m", options: { num_ctx: 8192 }, keep_alive: "5m", context: [1, 2, 3] },
    ],
  ],
  [
    "the order of keys in its messages",
    "/api/chat",
    [
      chat({ role: "system", content: "x" }, { role: "user", content: "Hello" }),
      chat({ content: "x", role: "system" }, { content: "Hello", role: "user" }),
    ],
  ],
  [
    "where its client marks what may be cached",
    "/v1/messages",
    [
      {
        model: "m",
        system: [text("Be brief.", MARK)],
        messages: [{ role: "user", content: [text("Hello", MARK)] }],
      },
      {
        model: "m",
        system: [text("Be brief.")],
        messages: [{ role: "user", content: [text("Hello")] }, ...LATER],
      },
      {
        model: "m",
        system: [text("Be brief.", MARK)],
        messages: [{ role: "user", content: "Hello", ...MARK }, ...LATER],
      },
    ],
  ],
  [
    "what its messages carry beside texts",
    "/v1/chat/completions",
    [chat({ id: "1", name: "ann", ...HELLO }), chat({ ...HELLO, id: "2", annotations: [] })],
  ],
  [
    "text in one part or by itself",
    "/v1/chat/completions",
    [chat(HELLO), chat({ role: "user", content: [text("Hello")] })],
  ],
];

test.each(SAME)("%s (%s) may differ from turn to turn", (_, path, turns) => {
  const openings = turns.map((body) => openingIn(path, JSON.stringify(body)));
  expect(openings[0]).toContain("Hello");
  expect(new Set(openings).size).toBe(1);
});
