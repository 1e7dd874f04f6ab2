/** A file that is not TOML is one mistake, at the place where it stops being TOML. */

import { expect, test } from "bun:test";

import { readConfig } from "../../src/config/read.ts";

/** What is wrong stands right behind the `¶`, which is taken out. */
test.each([
  ["a key without a value", "[server]\nlisten = ¶"],
  ["a key without anything", "[server]\n¶listen"],
  ["a value without a key", "[log]\n¶= 1"],
  ["a word without quotes", "[log]\nlevel = ¶loud"],
  ["a string that is not closed", '[log]\nlevel = ¶"info'],
  ["a long string that is not closed", "[log]\nlevel = ¶'''\ninfo"],
  ["a list that is not closed", 'server.origins = ["a", "b"\n¶log.level = "info"'],
  ["a table that is not closed", "log = { level = 'info'¶"],
  ["two values in a line", 'a = "x" ¶b = "y"'],
  ["a key that is there twice", "[log]\nlevel = 'info'\n¶level = 'warn'"],
  ["a dotted key into a value", "log = 1\n¶log.level = 'info'"],
  ["a number with a leading zero", "[[backend]]\npriority = ¶0100"],
  ["a number too large to be kept", "[[backend]]\npriority = ¶9223372036854775807"],
  ["a date that is none", "a = ¶1979-13-01"],
  ["a control character in a comment", "# ¶\u0001"],
])("%s is told where it is", (_, marked) => {
  const toml = marked.replace("¶", "");
  const before = marked.slice(0, marked.indexOf("¶")).split("\n");
  for (const text of [toml, toml.replaceAll("\n", "\r\n")]) {
    expect(readConfig(text, "a file.toml", {})).toEqual({
      kind: "mistakes",
      mistakes: [
        {
          file: "a file.toml",
          line: before.length,
          column: (before.at(-1) ?? "").length + 1,
          path: "",
          message: expect.stringMatching(/^invalid TOML: [a-z].+$/),
        },
      ],
    });
  }
});

test.each(["[log]\n[log]\n", "[[backend]]\n[backend]\n", "backend = []\n[[backend]]\n"])(
  "%j has a table that is there already",
  (toml) => {
    const read = readConfig(toml, "f", {});
    expect(read).toMatchObject({ kind: "mistakes", mistakes: [{ line: 2 }] });
  },
);

test("nothing else is told of a file that is not TOML", () => {
  expect(readConfig("colour = 1\n[server]\nlisten = 2\n[", "f", {})).toMatchObject({
    kind: "mistakes",
    mistakes: [{ line: 4, path: "" }],
  });
});
