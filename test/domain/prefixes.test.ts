/** Prefixes of the store and patterns of the file are matched alike: the longest literal part wins, then the file's. */

import { expect, test } from "bun:test";

import { bookOf } from "../../src/domain/book.ts";
import { storedAlias } from "../../src/domain/entry.ts";
import { ends, exact, prefix, type World } from "../support/alias-world.ts";
import { alias } from "../support/aliases.ts";
import { forSeeds, type Random } from "../support/random.ts";

const mixed: World = {
  file: { "*": "any", "gpt-4*": "file", "*-mini": "mini" },
  stored: [prefix("gpt-", "short"), prefix("gpt-4o", "long"), prefix("GPT-4O-M", "longest")],
  models: ["any", "file", "mini", "short", "long", "longest"],
};

test.each([
  ["gpt-3", "short"],
  ["gpt-4", "file"],
  ["gpt-4o", "long"],
  ["gpt-4o-m", "longest"],
  ["GPT-4O-MINI", "longest"],
  ["gpt-4-mini", "file"],
  ["gpt-3-mini", "mini"],
  ["llama3", "any"],
  ["library/gpt-3:latest", "short"],
])("of patterns from both places %j gets the longest: %j", (name, model) => {
  expect(ends(name, mixed)).toEqual([model]);
});

test.each<[sentence: string, file: string, stored: string, name: string]>([
  ["the same prefix", "gpt-*", "gpt-", "gpt-4"],
  ["the same in another case", "GPT-*", "gpt-", "gpt-4"],
  ["a star elsewhere", "*-4", "gp", "gp-4"],
  ["several stars", "*p*4", "gp", "gp-4"],
  ["one fits the name as sent, the other its short form", "mod*", "lib", "library/model"],
])("of equally long ones the file's wins: %s", (_, file, stored, name) => {
  expect(ends(name, { file: { [file]: "by-file" }, stored: [prefix(stored, "by-store")] })).toEqual([
    "by-file",
  ]);
});

test("a prefix matches its own text, and nothing shorter", () => {
  const world: World = { stored: [prefix("gpt-4", "m")] };
  expect(ends("gpt-4", world)).toEqual(["m"]);
  expect(ends("gpt-", world)).toBe("nothing");
});

test("a prefix may be no valid name", () => {
  expect(ends("models/x", { stored: [prefix("models/", "m")] })).toEqual(["m"]);
  expect(ends("bad name! x", { stored: [prefix("bad name!", "m")] })).toEqual(["m"]);
  expect(ends("gpt-4:v1", { stored: [prefix("gpt-4:v", "m")] })).toEqual(["m"]);
});

test("in the store a star is a character as any other", () => {
  expect(ends("x*", { stored: [exact("x*", "m")] })).toEqual(["m"]);
  expect(ends("x-1", { stored: [exact("x*", "m")] })).toBe("nothing");
  expect(ends("x*1", { stored: [prefix("x*", "m")] })).toEqual(["m"]);
  expect(ends("x-1", { stored: [prefix("x*", "m")] })).toBe("nothing");
  expect(ends("x-1", { stored: [prefix("x-", "org/*")] })).toEqual(["org/*"]);
  expect(ends("*", { stored: [exact("*", "m")] })).toEqual(["m"]);
});

test("the star of a stored prefix is as long as it is written", () => {
  const world: World = { file: { "ab*": "by-file" }, stored: [prefix("a*", "by-store")] };
  expect(ends("a*b", world)).toEqual(["by-store"]);
  expect(ends("ab*", world)).toEqual(["by-file"]);
});

test("a star in a target of the file takes what is left of the name, whatever the store has beside it", () => {
  const world: World = {
    file: { "openai/*": "*" },
    stored: [prefix("openai", "m"), exact("gpt-4", "qwen3")],
  };
  expect(ends("openai/gpt-4", world)).toEqual(["qwen3"]);
  expect(ends("openai/Other", world)).toEqual(["Other"]);
  expect(ends("openai-x", world)).toEqual(["m"]);
});

test("among any patterns the one is found that a look at each of them finds", () => {
  forSeeds(3000, (random) => {
    const file = [...new Set(random.list(random.below(5), () => randomText(random, ["a", "b", "*"])))]
      .filter((text) => text.includes("*"))
      .map((text) => alias(text, "m"));
    const stored = [...new Set(random.list(random.below(12), () => randomText(random, ["a", "b"])))].map(
      (text) => storedAlias(prefix(text, "m")),
    );
    const book = bookOf(file, random.shuffled(stored));
    const name = randomText(random, ["a", "b", "A"]);
    const lengthOf = (text: string): number => text.replaceAll("*", "").length;
    const fitting = book.aliases.filter((one) => fits(one.name, name));
    const longest = Math.max(...fitting.map((one) => lengthOf(one.name)));
    const best = fitting.filter((one) => lengthOf(one.name) === longest);
    const found = book.pattern(name)?.alias;
    expect(found === undefined).toBe(best.length === 0);
    if (found === undefined) return;
    expect(best).toContain(found);
    expect(found.source).toBe(best.some(({ source }) => source === "config") ? "config" : "stored");
  });
});

function randomText(random: Random, letters: readonly string[]): string {
  return random.list(1 + random.below(7), () => random.pick(letters)).join("");
}

function fits(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i").test(name);
}
