/** A book of aliases finds the one that a name means. */

import { expect, test } from "bun:test";

import { book } from "../support/aliases.ts";

test.each([
  "fast",
  "FAST",
  "fast:latest",
  "library/fast",
  " fast ",
  "registry.ollama.ai/library/Fast:LATEST",
])("%j is the alias fast", (name) => {
  expect(book({ fast: "m", slow: "m" }).configured(name)?.name).toBe("fast");
});

test.each(["", "fas", "fast:8b", "fast-er", "org/fast", "fast*"])("%j is not the alias fast", (name) => {
  expect(book({ fast: "m" }).configured(name)).toBeUndefined();
});

test("an alias that was written with a tag is found without it", () => {
  expect(book({ "Fast:latest": "m" }).configured("fast")?.name).toBe("Fast:latest");
});

test("of two spellings of one name, each finds itself", () => {
  const twins = book({ fast: "m", "fast:latest": "n", FAST: "o" });
  for (const name of ["fast", "fast:latest", "FAST"]) expect(twins.configured(name)?.name).toBe(name);
});

test("a pattern is no exact name, not even for its own text", () => {
  const patterns = book({ "gpt-*": "m", "*": "n" });
  expect(patterns.configured("gpt-*")).toBeUndefined();
  expect(patterns.configured("*")).toBeUndefined();
  expect(patterns.pattern("gpt-*")?.alias.name).toBe("gpt-*");
});

test("an exact alias is no pattern", () => {
  expect(book({ gpt: "m" }).pattern("gpt")).toBeUndefined();
});

test("the aliases stay in the order they were written", () => {
  const names = ["b", "a*", "a", "*"];
  expect(book(Object.fromEntries(names.map((name) => [name, "m"]))).aliases.map(({ name }) => name)).toEqual(
    names,
  );
});

test("an empty book has nothing", () => {
  expect(book({}).configured("x")).toBeUndefined();
  expect(book({}).pattern("x")).toBeUndefined();
});

test.each(["constructor", "__proto__", "toString"])("%j is an ordinary name", (name) => {
  expect(book({}).configured(name)).toBeUndefined();
  expect(book({ [name]: "m" }).configured(name)?.name).toBe(name);
});
