/** Of the pattern aliases that match a name, the one with the longest literal part is found. */

import { expect, test } from "bun:test";

import { type PatternMatch, patternsOf } from "../../src/domain/pattern.ts";
import { alias } from "../support/aliases.ts";
import { forSeeds } from "../support/random.ts";

/** The name of the alias that is found among these, and what its star stood for. */
function find(patterns: readonly string[], name: string): [string, string] | undefined {
  const match: PatternMatch | undefined = patternsOf(patterns.map((text) => alias(text, "m"))).find(name);
  return match && [match.alias.name, match.captured];
}

test.each([
  [["*", "gpt-*", "gpt-4*", "gpt-4o*"], "gpt-4-turbo", "gpt-4*"],
  [["gpt-4o*", "gpt-4*", "gpt-*", "*"], "gpt-4-turbo", "gpt-4*"],
  [["*", "gpt-*"], "llama3", "*"],
  [["*-mini", "gpt-*"], "gpt-4o-mini", "*-mini"],
  [["gpt-*", "*-haiku-*"], "claude-3-haiku-x", "*-haiku-*"],
  [["claude-*", "claude-*-haiku*"], "claude-3-haiku", "claude-*-haiku*"],
  [["claude-*", "claude-*-haiku*"], "claude-3-opus", "claude-*"],
  [["claude-*", "CLAUDE-3*"], "Claude-3-Opus", "CLAUDE-3*"],
  [["a*b*c", "ab*"], "abc", "a*b*c"],
  [["*b", "a*"], "b", "*b"],
])("of %j the name %j gets %j", (patterns, name, found) => {
  expect(find(patterns, name)?.[0]).toBe(found);
});

test.each([
  ["two prefixes that differ by letter case", ["GPT-*", "gpt-*"], "gpt-4"],
  ["two with a star in the middle", ["g*-4", "gp*4"], "gpt-4"],
  ["two with several stars", ["*gpt*", "**gpt"], "gpt"],
])("of equally long ones the earlier wins: %s", (_, patterns, name) => {
  expect(find(patterns, name)?.[0]).toBe(patterns[0]);
});

test.each([
  ["claude-*", "claude-3", "3"],
  ["CLAUDE-*", "Claude-3-Opus", "3-Opus"],
  ["*-mini", "GPT-4o-mini", "GPT-4o"],
  ["openai/*", "OpenAI/Qwen3:32B", "Qwen3:32B"],
  ["openai/*", " openai/X ", "X"],
  ["*", "Any/Thing", "Any/Thing"],
  ["gpt-*", "gpt-4:latest", "4:latest"],
  ["claude-*", "claude-*", "*"],
])("the star of %j takes from %j the text %j", (pattern, name, captured) => {
  expect(find([pattern], name)).toEqual([pattern, captured]);
});

test.each([
  ["gpt-*-mini", "gpt-4-mini:latest", "4"],
  ["claude-*", "library/claude-3", "3"],
  ["claude-*", "registry.ollama.ai/library/claude-3:latest", "3"],
  ["*/model-*", "registry.ollama.ai/org/model-x", "registry.ollama.ai/org"],
])("%j also matches the short form of %j", (pattern, name, captured) => {
  expect(find([pattern], name)).toEqual([pattern, captured]);
});

test.each([
  ["*:latest", "gpt-4:latest"],
  ["library/*", "library/gpt-4"],
])("%j matches %j as it was sent", (pattern, name) => {
  expect(find([pattern], name)?.[0]).toBe(pattern);
});

test("a longer pattern that matches the short form goes before a shorter one that matches what was sent", () => {
  expect(find(["library/*", "gpt-4-turbo*"], "library/gpt-4-turbo-x")?.[0]).toBe("gpt-4-turbo*");
});

test.each([
  [[], "x"],
  [["gpt-*"], "gpt"],
  [["gpt-*"], "my-gpt-4"],
  [["gpt-*-mini"], "gpt-4-mini:8b"],
  [["claude-*"], "org/claude-3"],
])("%j has nothing for %j", (patterns, name) => {
  expect(find(patterns, name)).toBeUndefined();
});

test("it finds one whose literal part is as long as that of any that match", () => {
  forSeeds(500, (random) => {
    const patterns = random.list(1 + random.below(6), () =>
      random.list(1 + random.below(5), () => random.pick(["a", "b", "*"])).join(""),
    );
    const starred = [...patterns, "*"].filter((pattern) => pattern.includes("*"));
    const name = random.list(1 + random.below(7), () => random.pick(["a", "b", "A"])).join("");
    const lengths = starred.filter((pattern) => matches(pattern, name)).map(literalLength);
    const [found = ""] = find(starred, name) ?? [];
    expect(matches(found, name)).toBe(true);
    expect(literalLength(found)).toBe(Math.max(...lengths));
  });
});

test("thousands of patterns and a name of 10 kB are no trouble", () => {
  const patterns = patternsOf(Array.from({ length: 5000 }, (_, index) => alias(`prefix-${index}-*`, "m")));
  const startedAt = performance.now();
  for (let turn = 0; turn < 100; turn++) {
    expect(patterns.find(`prefix-4321-${"x".repeat(10_000)}`)?.alias.name).toBe("prefix-4321-*");
    expect(patterns.find("x".repeat(10_000))).toBeUndefined();
  }
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

function matches(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i").test(name);
}

function literalLength(pattern: string): number {
  return pattern.replaceAll("*", "").length;
}
