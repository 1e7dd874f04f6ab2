/** Aliases of aliases: a cycle is refused and printed whole, and so is a chain of more than ten hops. */

import { expect, test } from "bun:test";

import { configOf, mistakesOf } from "../support/reading.ts";

/** `first` stands for the alias after it, and so on; the last of `hops` + 1 aliases stands for a model. */
function chain(first: number, hops: number): string {
  const lines = Array.from({ length: hops }, (_, hop) => `a${first + hop} = "a${first + hop + 1}"\n`);
  return `${lines.join("")}a${first + hops} = "m"\n`;
}

test.each([
  ['a = "b"\nb = "a"', ['2:1: aliases.a: alias cycle: "a" -> "b" -> "a"']],
  ['b = "c"\nc = "a"\na = "b"', ['2:1: aliases.b: alias cycle: "b" -> "c" -> "a" -> "b"']],
  ['a = "B:latest"\nb = "library/A"', ['2:1: aliases.a: alias cycle: "a" -> "b" -> "a"']],
  [
    'a = ["m", { model = "b" }]\nb = { targets = ["n", "a"] }',
    ['2:1: aliases.a: alias cycle: "a" -> "b" -> "a"'],
  ],
  ['"x-*" = "y-*"\n"y-*" = "x-*"', ['2:1: aliases."x-*": alias cycle: "x-*" -> "y-*" -> "x-*"']],
  ["b = 'a'\na = 'b'\nc = 'a'", ['2:1: aliases.b: alias cycle: "b" -> "a" -> "b"']],
])("the cycle of %j is refused", (lines, mistakes) => {
  expect(mistakesOf(`[aliases]\n${lines}\n`)).toEqual(mistakes);
});

test("a cycle that is entered from outside begins where it closes", () => {
  expect(mistakesOf('[aliases]\nfast = "a"\na = "b"\nb = "c"\nc = ["m", "a"]\n')).toEqual([
    '3:1: aliases.a: alias cycle: "a" -> "b" -> "c" -> "a"',
  ]);
});

test("every cycle of a file is told", () => {
  const toml = '[aliases]\na = ["b", "c"]\nb = "a"\nc = "a"\nd = "e"\ne = "d"\nf = "m"\n';
  expect(mistakesOf(toml)).toEqual([
    '2:1: aliases.a: alias cycle: "a" -> "b" -> "a"',
    '2:1: aliases.a: alias cycle: "a" -> "c" -> "a"',
    '5:1: aliases.d: alias cycle: "d" -> "e" -> "d"',
  ]);
});

test("a cycle of ten aliases is printed whole", () => {
  const names = Array.from({ length: 10 }, (_, index) => `a${index}`);
  const lines = names.map((name, index) => `${name} = "a${(index + 1) % 10}"`);
  expect(mistakesOf(`[aliases]\n${lines.join("\n")}\n`)).toEqual([
    `2:1: aliases.a0: alias cycle: ${[...names, "a0"].map((name) => `"${name}"`).join(" -> ")}`,
  ]);
});

test.each([
  ["its own name", 'a = "a"'],
  ["its own name in another spelling", 'a = "library/A:latest"'],
  ["its own name among others", 'a = ["m", "a", "n"]'],
  ["a name that its own pattern matches", '"gpt-*" = "gpt-4o"'],
  ["whatever its own pattern matched", '"*" = "*"'],
  ["a model that an alias before it matches", '"x-*" = "a"\na = "x-1"'],
  ["a model that the pattern before it matches", '"x-*" = "y-1"\n"y-*" = "x-2"'],
  ["an alias that means a model of its own name", 'a = "b"\nb = ["b", "m"]'],
  ["the same alias twice", 'a = ["b", "b"]\nb = "m"'],
  ["two aliases that stand for the same one", 'a = ["b", "c"]\nb = "d"\nc = "d"\nd = "m"'],
])("it is no cycle to stand for %s", (_, lines) => {
  expect(mistakesOf(`[aliases]\n${lines}\n`)).toEqual([]);
});

test("ten hops are allowed", () => {
  expect(configOf(`[aliases]\n${chain(0, 10)}`).aliases).toHaveLength(11);
});

test("the eleventh hop is refused, and the chain is printed whole", () => {
  const names = Array.from({ length: 12 }, (_, index) => `"a${index}"`).join(" -> ");
  expect(mistakesOf(`[aliases]\n${chain(0, 11)}`)).toEqual([`2:1: aliases.a0: more than 10 hops: ${names}`]);
});

test("a longer chain is told once, at the last alias from which it is too long", () => {
  const names = Array.from({ length: 12 }, (_, index) => `"a${index + 9}"`).join(" -> ");
  expect(mistakesOf(`[aliases]\n${chain(0, 20)}`)).toEqual([`11:1: aliases.a9: more than 10 hops: ${names}`]);
});

test("of several ways on, the longest counts", () => {
  const [mistake = "", ...others] = mistakesOf(`[aliases]\nstart = ["m", "a5", "a0", "a9"]\n${chain(0, 10)}`);
  expect(others).toEqual([]);
  expect(mistake).toStartWith('2:1: aliases.start: more than 10 hops: "start" -> "a0" -> "a1" -> ');
});

test("hops through patterns count", () => {
  const lines = Array.from({ length: 11 }, (_, hop) => `"p${hop}-*" = "p${hop + 1}-*"\n`);
  expect(mistakesOf(`[aliases]\n${lines.join("")}`)).toEqual([]);
  const [mistake = ""] = mistakesOf(`[aliases]\n${lines.join("")}"p11-*" = "m"\n`);
  expect(mistake).toStartWith('2:1: aliases."p0-*": more than 10 hops: "p0-*" -> "p1-*" -> ');
});
