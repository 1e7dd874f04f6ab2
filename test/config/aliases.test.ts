/** The names of aliases: which are the same, which are none, and that no name is too strange to be one. */

import { expect, test } from "bun:test";

import { configAlias } from "../../src/domain/alias.ts";
import { configOf, mistakesOf } from "../support/reading.ts";

test.each([
  ["llama3", "Llama3"],
  ["llama3", "llama3:latest"],
  ["llama3", "llama3:LATEST"],
  ["llama3", "library/llama3"],
  ["llama3", "registry.ollama.ai/library/llama3:latest"],
  ["llama3", " llama3 "],
  ["gpt-*", "GPT-*"],
  ["gpt-*", "library/gpt-*"],
])("%j and %j are the same name, and one of them is a mistake", (one, other) => {
  expect(mistakesOf(`[aliases]\n"${one}" = "m"\n"${other}" = "m"\n`)).toEqual([
    `3:1: aliases.${/^[\w-]+$/.test(other) ? other : JSON.stringify(other)}: the same name as "${one}"`,
  ]);
});

test.each([
  ["llama3", "llama3:8b"],
  ["llama3", "llama-3"],
  ["llama3", "me/llama3"],
  ["llama3", "llama3*"],
  ["llama3", "ĺlama3"],
  ["x@q4", "x@q8"],
])("%j and %j are two names", (one, other) => {
  const { aliases } = configOf(`[aliases]\n"${one}" = "m"\n"${other}" = "m"\n`);
  expect(aliases.map(({ name }) => name)).toEqual([one, other]);
});

test.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length", "0", "*"])(
  "an alias may be called %s",
  (name) => {
    const { aliases } = configOf(`[aliases]\n"${name}" = "m"\n`);
    expect(aliases).toEqual([
      configAlias(name, { targets: [{ model: "m" }], strategy: "pool", listed: true, echo: true }),
    ]);
  },
);

test.each(["__proto__", "constructor", "prototype", "toString", "valueOf"])(
  "a model may be called %s, as a target and as a pin",
  (model) => {
    const toml = `[[backend]]\nurl = "http://a:1"\n[models]\n"${model}" = "a:1"\n[aliases]\nx = "${model}"\n`;
    const { aliases, pins } = configOf(toml);
    expect(aliases[0]?.targets).toEqual([{ model }]);
    expect([...pins]).toEqual([[model.toLowerCase(), ["a:1"]]]);
  },
);

test("an alias of a strange name is checked like any other", () => {
  expect(
    mistakesOf('[aliases]\n__proto__ = 1\nconstructor = "toString"\ntoString = "constructor"\n'),
  ).toEqual([
    "2:1: aliases.__proto__: expected a model's name, a list of them, or a table with targets, got 1",
    '3:1: aliases.constructor: alias cycle: "constructor" -> "toString" -> "constructor"',
  ]);
});

test.each([
  ["a name that is empty", '"" = "m"', '""'],
  ["a name that is blank", '" \\t" = "m"', '" \\t"'],
  ["a name with a line break", '"a\\nb" = "m"', '"a\\nb"'],
  ["a name with a null character", '"a\\u0000" = "m"', '"a\\u0000"'],
  ["a name with an escape character", '"a\\u001b" = "m"', '"a\\u001b"'],
])("%s is a mistake", (_, line, path) => {
  expect(mistakesOf(`[aliases]\n${line}\n`)).toEqual([
    `2:1: aliases.${path}: expected a name that is not blank and has no control characters`,
  ]);
});

test.each(['a = ""', 'a = " "', 'a = ["m", ""]', 'a = "m\\tn"', 'a = { targets = [{ model = "\\u007f" }] }'])(
  "%s has a target that is no name",
  (line) => {
    expect(mistakesOf(`[aliases]\n${line}\n`)).toEqual([
      "2:1: aliases.a: expected targets that are not blank and have no control characters",
    ]);
  },
);

test.each([
  ["a", "m*"],
  ["a", "*"],
  ["gpt-4o", "openai/*-mini"],
])('a "*" in a target is a mistake where the alias has none: %s = %s', (alias, target) => {
  const why = `the "*" in "${target}" stands for what a "*" in the alias matches, and there is none`;
  expect(mistakesOf(`[aliases]\n"${alias}" = ["m", { model = "${target}" }]\n`)).toEqual([
    `2:1: aliases.${alias}: ${why}`,
  ]);
});

test.each(["*", "x-*-y", "**", "plain"])("the target of a pattern may be %j", (model) => {
  expect(configOf(`[aliases]\n"p-*" = "${model}"\n`).aliases[0]?.targets).toEqual([{ model }]);
});

test("aliases stay in the order of the file", () => {
  const { aliases } = configOf('[aliases]\nz = "m"\n"y-*" = "m"\na = "m"\n"b:1" = "m"\n');
  expect(aliases.map(({ name }) => name)).toEqual(["z", "y-*", "a", "b:1"]);
});
