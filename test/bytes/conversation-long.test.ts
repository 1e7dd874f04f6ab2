/** Long texts are told apart, and recognised again, as short ones are. */

import { expect, test } from "bun:test";

import { chat, HELLO, LATER, numberIn, text } from "../support/openings.ts";

const LONG = "All happy families are alike. ".repeat(5000);
const MARK = { cache_control: { type: "ephemeral" } };

test.each(["/v1/chat/completions", "/api/chat"])(
  "two users to whom the same long system text is given have two conversations: %s",
  (path) => {
    const system = { role: "system", content: LONG };
    const [one, other] = ["Hello", "Hi"].map((content) =>
      numberIn(path, chat(system, { role: "user", content })),
    );
    expect(one).not.toBe(other);
  },
);

test("a conversation that begins with a long message is the same when the mark of what may be cached has moved on", () => {
  const first = { system: "Be brief.", messages: [{ role: "user", content: [text(LONG, MARK)] }] };
  const later = { system: "Be brief.", messages: [{ role: "user", content: [text(LONG)] }, ...LATER] };
  expect(numberIn("/v1/messages", later)).toBe(numberIn("/v1/messages", first));
});

test.each([
  ["/v1/messages", { system: "Be brief.", messages: [HELLO] }],
  ["/v1/responses", { instructions: "Be brief.", input: "Hello" }],
  ["/api/generate", { system: "Be brief.", prompt: "Hello" }],
])("the order of the fields is none of a conversation's: %s", (path, body) => {
  const turned = Object.fromEntries(Object.entries(body).reverse());
  expect(numberIn(path, turned)).toBe(numberIn(path, body));
});
