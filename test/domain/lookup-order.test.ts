/** A name is looked for in the file, among the models, in the store, and among the patterns: in this order. */

import { expect, test } from "bun:test";

import { bookIn, ends, exact, prefix, resolution, type World } from "../support/alias-world.ts";

const nowhere: World = {};
const patterned: World = { file: { "gpt-*": "by-pattern" } };
const stored: World = { ...patterned, stored: [exact("gpt-4", "by-store"), prefix("gpt-4", "by-prefix")] };
const model: World = { ...stored, models: ["GPT-4:latest"] };
const configured: World = {
  ...model,
  file: { ...patterned.file, "gpt-4": "by-file" },
  models: ["gpt-4", "by-file"],
};

test.each<[sentence: string, world: World, ends: string | string[]]>([
  ["an alias of the file goes before all else", configured, ["by-file"]],
  ["a model goes before a stored alias", model, ["gpt-4"]],
  ["a stored alias goes before a pattern", stored, ["by-store"]],
  ["a pattern stands for what has no other meaning", patterned, ["by-pattern"]],
  ["a name may have no meaning", nowhere, "nothing"],
])("%s", (_, world, expected) => {
  expect(ends("gpt-4", world)).toEqual(expected);
});

test("each is found in any spelling of the name", () => {
  for (const name of [
    "GPT-4",
    "gpt-4:latest",
    "library/gpt-4",
    " registry.ollama.ai/library/Gpt-4:LATEST ",
  ]) {
    expect(ends(name, configured)).toEqual(["by-file"]);
    expect(ends(name, model)).toEqual([name]);
    expect(ends(name, stored)).toEqual(["by-store"]);
    expect(ends(name, patterned)).toEqual(["by-pattern"]);
  }
});

test("an alias of the file whose targets are nowhere leaves the name to a model that bears it", () => {
  const world: World = { file: { x: ["gone", "lost"] }, models: ["x"] };
  expect(ends("x", world)).toEqual(["gone", "lost", "x"]);
  expect(ends("x", { ...world, models: ["x", "lost"] })).toEqual(["gone", "lost"]);
  expect(ends("x", { ...world, models: [] })).toEqual(["gone", "lost"]);
});

test("a stored alias has nothing to fall back to: a model of its name is the model", () => {
  expect(ends("x", { stored: [exact("x", "gone")], models: ["x"] })).toEqual(["x"]);
});

test("a model that comes hides a stored alias, and the alias is back when it goes", () => {
  const world: World = { stored: [exact("x", "m")] };
  expect(ends("x", world)).toEqual(["m"]);
  expect(ends("x", { ...world, models: ["X"] })).toEqual(["x"]);
});

test("what the file names is out of the store's hands, and other names are not", () => {
  const world: World = {
    file: { "Fast:latest": "by-file" },
    stored: [exact("fast", "by-store"), exact("slow", "m")],
  };
  const book = bookIn(world);
  expect(ends("fast", world)).toEqual(["by-file"]);
  expect(ends("slow", world)).toEqual(["m"]);
  expect(book.stored("fast")).toBeUndefined();
  expect(book.aliases.map(({ name }) => name)).toEqual(["Fast:latest", "slow"]);
  expect(book.isConfigured({ name: "library/FAST", pattern: undefined })).toBe(true);
  expect(book.isConfigured({ name: "slow", pattern: undefined })).toBe(false);
});

test("a name and a prefix of the same text are two aliases", () => {
  const world: World = { stored: [exact("gpt", "one"), prefix("gpt", "many")] };
  expect(ends("gpt", world)).toEqual(["one"]);
  expect(ends("gpt-4", world)).toEqual(["many"]);
  expect(ends("gpt", { ...world, file: { gpt: "by-file" } })).toEqual(["by-file"]);
  expect(ends("gpt-4", { ...world, file: { gpt: "by-file" } })).toEqual(["many"]);
  expect(ends("gpt", { ...world, file: { "gpt*": "by-file" } })).toEqual(["one"]);
  expect(ends("gpt-4", { ...world, file: { "gpt*": "by-file" } })).toEqual(["by-file"]);
});

test("stored aliases lead on to others, and chains cross between file and store", () => {
  const world: World = {
    file: { a: "b", "c-*": "d" },
    stored: [exact("b", "c-1"), exact("d", "e-1"), prefix("e-", "m", "n")],
  };
  expect(ends("a", world)).toEqual(["m", "n"]);
  expect(resolution("a", world)).toMatchObject({ route: { via: ["a", "b", "c-*", "d", "e-*"] } });
});

test("a stored alias on the way gives way to a model of its name", () => {
  expect(ends("a", { file: { a: "b" }, stored: [exact("b", "m")], models: ["b"] })).toEqual(["b"]);
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "%j is an ordinary name of the store",
  (name) => {
    expect(ends(name, {})).toBe("nothing");
    expect(ends(name, { stored: [exact(name, "m")] })).toEqual(["m"]);
    expect(ends(`${name}-1`, { stored: [prefix(name, "m")] })).toEqual(["m"]);
  },
);
