/** A `*` stands for any run of characters, and what the first one stood for is known. */

import { expect, test } from "bun:test";

import { globOf, matchGlob } from "../../src/domain/glob.ts";
import { forSeeds, type Random } from "../support/random.ts";

test.each([
  ["claude-*", "claude-3-5-sonnet", "3-5-sonnet"],
  ["claude-*", "claude-", ""],
  ["*", "anything", "anything"],
  ["*", "", ""],
  ["*-mini", "gpt-4o-mini", "gpt-4o"],
  ["gpt-*-mini", "gpt-4o-mini", "4o"],
  ["claude-*-haiku*", "claude-3-haiku-20240307", "3"],
  ["claude-*-haiku*", "claude-3-haiku", "3"],
  ["*haiku*", "claude-haiku-haiku", "claude-"],
  ["**", "two stars", ""],
  ["a**b", "a--b", ""],
  ["a*b*c", "abbcc", ""],
  ["exactly", "exactly", ""],
  ["openai/*", "OpenAI/GPT-4o", "GPT-4o"],
  ["OPENAI/*-MINI", "openai/Gpt-Mini", "Gpt"],
  ["m\u00f6del-*", "m\u00f6del-X", "X"],
  ["*\u{1f999}", "A\u{1f999}", "A"],
])("%j matches %j, its first star %j", (pattern, text, captured) => {
  expect(matchGlob(globOf(pattern), text)).toBe(captured);
});

test.each([
  ["claude-*", "claude"],
  ["claude-*", "my-claude-3"],
  ["*-mini", "gpt-4o-mini-high"],
  ["gpt-*-mini", "gpt-mini"],
  ["ab*ba", "aba"],
  ["a*b*a", "ab"],
  ["a*bb*b", "abb"],
  ["exactly", "exactly so"],
  ["", "x"],
  ["gpt-?", "gpt-4"],
  ["gpt.4", "gpt-4"],
  ["kimi*", "\u212aimi-k2"],
  ["M\u00d6DEL*", "m\u00f6del"],
])("%j does not match %j", (pattern, text) => {
  expect(matchGlob(globOf(pattern), text)).toBeUndefined();
});

test("it matches what the regular expression of the same meaning matches", () => {
  forSeeds(3000, (random) => {
    const pattern = textOf(["a", "b", "B", "*", "*"], random.below(7), random);
    const text = textOf(["a", "b", "A"], random.below(9), random);
    const expression = new RegExp(`^${pattern.replaceAll("*", "(.*?)")}$`, "i");
    const expected = expression.exec(text);
    expect([pattern, text, matchGlob(globOf(pattern), text)]).toEqual([
      pattern,
      text,
      expected === null ? undefined : (expected[1] ?? ""),
    ]);
  });
});

test("no pattern makes a long name costly", () => {
  const name = "a".repeat(100_000);
  for (const pattern of [`${"*a".repeat(1000)}*b`, `*${"a".repeat(1000)}b*`, `${"*a*".repeat(1000)}b`]) {
    const startedAt = performance.now();
    expect(matchGlob(globOf(pattern), name)).toBeUndefined();
    expect(matchGlob(globOf(pattern), `${name}c`)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  }
});

function textOf(letters: readonly [string, ...string[]], length: number, random: Random): string {
  return random.list(length, () => random.pick(letters)).join("");
}
