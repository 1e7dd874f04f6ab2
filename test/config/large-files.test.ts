/** A file that is far too long, too deep or full of mistakes is read all the same, and in a moment. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { configOf, mistakesOf } from "../support/reading.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

/** Each takes a fraction of a second; a reader that takes the square of it would take minutes. */
const PATIENCE_MS = 10_000;

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

test(
  "ten thousand aliases",
  () => {
    const { aliases } = configOf(`[aliases]\n${lines(10_000, (index) => `"n${index}" = "m${index}"`)}`);
    expect(aliases).toHaveLength(10_000);
  },
  PATIENCE_MS,
);

test(
  "ten thousand aliases that have lost their header: each is told, with its line",
  () => {
    const mistakes = mistakesOf(lines(10_000, (index) => `name-${index} = "m${index}"`));
    expect(mistakes).toHaveLength(10_000);
    expect(mistakes.at(-1)).toBe("10000:1: name-9999: unknown key");
  },
  PATIENCE_MS,
);

test(
  "ten thousand aliases without a target",
  () => {
    const mistakes = mistakesOf(`[aliases]\n${lines(10_000, (index) => `"n${index}" = ${index}`)}`);
    expect(mistakes).toHaveLength(10_000);
    expect(mistakes[0]).toStartWith("2:1: aliases.n0: expected a model's name");
  },
  PATIENCE_MS,
);

test.each([
  ["a key of many parts", `a${".a".repeat(20_000)} = 1`],
  ["a header of many parts", `[a${".a".repeat(20_000)}]`],
  ["a name of many parts", `[aliases]\na${".a".repeat(20_000)} = 1`],
  ["lists within lists", `a = ${"[".repeat(20_000)}`],
  ["tables within tables", `a = ${"{a=".repeat(20_000)}`],
  ["lists within lists that end", `a = ${"[".repeat(500)}${"]".repeat(500)}`],
])(
  "%s are a mistake like any other",
  (_, toml) => {
    expect(mistakesOf(toml)).toEqual([expect.stringMatching(/^1:\d+: invalid TOML: .*(deep|nested)/)]);
  },
  PATIENCE_MS,
);
