/** Tables stay readable whatever people call things. */

import { expect, test } from "bun:test";

import { table } from "../../src/cli/table.ts";

test("columns begin under their headings, and rows do not end in blanks", () => {
  const rows = [
    ["NAME", "STANDS FOR", "STATE"],
    ["gpt-4o", "m", ""],
    ["x", "llama3.1:8b", "broken"],
  ];
  expect(table(rows).split("\n")).toEqual([
    "NAME    STANDS FOR   STATE",
    "gpt-4o  m",
    "x       llama3.1:8b  broken",
  ]);
});

test("letters that are two columns wide count for two, those that only add a mark for none", () => {
  const rows = [
    ["日本語", "a"],
    ["größe", "b"],
    ["e\u0301te\u0301", "c"],
    ["👩‍💻", "d"],
  ];
  expect(table(rows).split("\n")).toEqual(["日本語  a", "größe   b", "e\u0301te\u0301     c", "👩‍💻      d"]);
});

test("a very long name moves its own row alone", () => {
  const long = "x".repeat(4000);
  const rows = [
    ["NAME", "STANDS FOR"],
    [long, "m"],
    ["short", "m"],
  ];
  expect(table(rows).split("\n")).toEqual(["NAME   STANDS FOR", `${long}  m`, "short  m"]);
});
