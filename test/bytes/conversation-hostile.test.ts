/** However a body is made, long, broken or hostile, its conversation is told apart or passed over, and nothing is thrown. */

import { afterEach, describe, expect, jest, spyOn, test } from "bun:test";

import { INFERENCE } from "../../src/dialects/endpoints.ts";
import { mutate } from "../support/mutate-json.ts";
import { chat, HELLO, LATER, numberIn, openingIn, SYSTEM, text } from "../support/openings.ts";
import { ANY_LINES, randomValue } from "../support/random-json.ts";
import { forSeeds } from "../support/random.ts";

const PATHS = INFERENCE.flatMap(({ path, conversation }) => (conversation === undefined ? [] : [path]));
const MEGABYTE = 1 << 20;

afterEach(() => {
  jest.restoreAllMocks();
});

describe("images and other long things", () => {
  /** As a data URL, in the three ways that clients send them. */
  const image = (bytes: number): string => `data:image/png;base64,${"iVBORw0KGgo".repeat(bytes / 11)}`;
  const MESSAGES: readonly (readonly [string, (bytes: number, words: string) => object])[] = [
    [
      "/v1/chat/completions",
      (bytes, words) => ({
        role: "user",
        content: [{ type: "image_url", image_url: { url: image(bytes) } }, text(words)],
      }),
    ],
    ["/api/chat", (bytes, words) => ({ role: "user", content: words, images: [image(bytes)] })],
    [
      "/v1/messages",
      (bytes, words) => ({
        role: "user",
        content: [{ type: "image", source: { data: image(bytes) } }, text(words)],
      }),
    ],
  ];

  test.each(MESSAGES)("are the same in all turns, and are not parsed: %s", (path, message) => {
    const first = message(20 * MEGABYTE, "What is it?");
    const turns = [chat(SYSTEM, first), chat(SYSTEM, first, ...LATER)];
    const texts = turns.map((turn) => JSON.stringify(turn));
    const parse = spyOn(JSON, "parse");
    const [opening = "", later] = texts.map((turn) => openingIn(path, turn));
    const parsed = parse.mock.calls.map(([json]) => json.length);
    expect(Math.max(...parsed)).toBeLessThan(100_000);
    expect(opening.length).toBeWithin(10, 200_000);
    expect(opening === later).toBe(true);
  });

  test.each(MESSAGES)("that are small leave the words beside them readable: %s", (path, message) => {
    const [cat, dog] = ["cat", "dog"].map((words) =>
      openingIn(path, JSON.stringify(chat(message(110, words)))),
    );
    expect(cat).toContain("cat");
    expect(cat).not.toBe(dog);
  });

  test("are cut within a letter without harm", () => {
    for (let before = 0; before < 8; before++) {
      const long = "x".repeat(before) + "🦙né".repeat(40_000);
      for (const body of [chat({ role: "user", content: long }), { system: long, messages: [HELLO] }])
        for (const path of PATHS) openingIn(path, JSON.stringify(body));
    }
  });

  test("are told apart by what follows a system text as long as a book", () => {
    const system = "All happy families are alike. ".repeat(30_000);
    const [one, other] = ["Hello", "Hi"].map((content) =>
      numberIn("/v1/messages", { system, messages: [{ role: "user", content }] }),
    );
    expect(one).not.toBe(other);
  });

  test("a hundred thousand messages before the user speaks are not all read", () => {
    const turns = Array.from({ length: 100_000 }, () => SYSTEM);
    const opening = openingIn("/api/chat", JSON.stringify(chat(...turns, HELLO)));
    expect(opening?.length).toBeLessThan(100_000);
  });
});

describe("malformed bodies", () => {
  test.each<[string, string | Uint8Array]>([
    ["nothing", ""],
    ["a word", "hello"],
    ["half of an object", '{"messages":[{"role":"us'],
    ["half of a list", '{"messages":['],
    ["a list", '[{"messages":[]}]'],
    ["a byte order mark", '\ufeff{"messages":[]}'],
    ["bytes that are no text", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x00])],
    ["a million brackets", `{"messages":${"[".repeat(MEGABYTE)}`],
  ])("%s is no conversation", (_, body) => {
    for (const path of PATHS) expect(openingIn(path, body)).toBeUndefined();
  });

  test.each([
    "null",
    "true",
    "5",
    "1e400",
    '""',
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "[5,true]",
    '["Hello"]',
    '[{"role":5}]',
    '[{"role":null,"content":null}]',
    '[{"role":"user","content":5}]',
    '[{"role":"user","content":[null,5,"x",{},[],{"text":5}]}]',
    '[{"role":"user","content":{"text":"x"}}]',
    '[{"__proto__":{"role":"user"},"constructor":{"prototype":1}}]',
    '[{"role":"user","content":"\\ud800"}]',
    '[{"role":"user","content":"a\\qb"}]',
    '[{"role":"user"}}',
    '{"role":"user","content":"x"}',
    `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
    `${'{"content":['.repeat(50_000)}${"]}".repeat(50_000)}`,
    `[${'{"role":"user","content":"x"},'.repeat(3)}]`,
  ])("messages that are %p do no harm", (value) => {
    for (const path of PATHS)
      for (const key of ["messages", "system", "prompt", "instructions", "input"]) {
        const opening = openingIn(
          path,
          `{"${key}":${value},"messages":${value},"prompt":${value},"input":${value}}`,
        );
        expect(typeof opening).toBeOneOf(["string", "undefined"]);
      }
  });

  test("random values in the place of any field do no harm", () => {
    forSeeds(1500, (random) => {
      const fields = ["messages", "system", "prompt", "instructions", "input", "model"].map(
        (key) => `"${key}":${randomValue(random, ANY_LINES, 0)}`,
      );
      const body = `{${random.shuffled(fields).join(",")}}`;
      for (const path of PATHS) expect(openingIn(path, body)).toBeString();
    });
  });

  const WHOLE = [
    chat(SYSTEM, HELLO, ...LATER),
    {
      system: [text("Be brief."), text("né 模型 🦙")],
      messages: [{ role: "user", content: [text("Hello")] }],
    },
    { instructions: "Be brief.", input: [HELLO], prompt: "Hello", system: "x" },
  ].map((body) => JSON.stringify(body));

  test("damage of any kind does no harm", () => {
    forSeeds(3000, (random) => {
      const body = mutate(Buffer.from(random.pick(WHOLE)), random);
      for (const path of PATHS) expect(typeof openingIn(path, body)).toBeOneOf(["string", "undefined"]);
    });
  });
});
