/** A stored alias is removed by its name in any spelling, or by any text that it was written with. */

import { expect, test } from "bun:test";

import { removal } from "../../src/domain/amendment.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { around, exact, prefix, type World } from "../support/alias-world.ts";

const fast = exact("fast", "m");
const many = prefix("fast", "n");

function removed(name: string, world: World, isPrefix?: boolean): object {
  return removal(name, isPrefix, around(world))(world.stored ?? []);
}

test.each([
  "fast",
  "FAST",
  " fast ",
  "fast:latest",
  "library/Fast",
  "registry.ollama.ai/library/fast:latest",
])("%j removes the alias fast", (name) => {
  expect(removed(name, { stored: [exact("slow", "m"), fast] })).toEqual({ remove: fast });
});

test.each<[isPrefix: boolean | undefined, stored: Entry[], removed: Entry | undefined]>([
  [undefined, [many, fast], fast],
  [undefined, [many], many],
  [false, [many, fast], fast],
  [false, [many], undefined],
  [true, [many, fast], many],
  [true, [fast], undefined],
])("prefix_matching %p, of %j removes %j", (isPrefix, stored, entry) => {
  const expected = entry === undefined ? { text: 'alias "fast" not found' } : { remove: entry };
  expect(removed("fast", { stored }, isPrefix)).toMatchObject(expected);
});

test.each(["models/", "models/!MISSING!", "bad name!", "*", "gpt-4:v", "PRE-", "ünïcode", "x".repeat(500)])(
  "the prefix %j, valid or not, is removed by its text",
  (text) => {
    const entry = prefix(text, "m");
    expect(removed(text, { stored: [entry] })).toEqual({ remove: entry });
    expect(removed(` ${text}`, { stored: [entry] }, true)).toEqual({ remove: entry });
  },
);

test("a prefix is removed in another case, and with the tag that was left out when it was kept", () => {
  const entry = prefix("PRE-", "m");
  expect(removed("pre-", { stored: [entry] })).toEqual({ remove: entry });
  expect(removed("pre-:latest", { stored: [entry] })).toEqual({ remove: entry });
});

test("an entry that somebody wrote by hand is removed as it is spelled", () => {
  const stored = [exact("bad name!", "m"), exact("a/b/c/d", "m"), exact("x:latest", "m")];
  for (const entry of stored) expect(removed(entry.alias, { stored })).toEqual({ remove: entry });
});

test.each(["nobody", "fas", "fast-1", "fast:8b", "x/fast", "", " ", "fast*", "\u0000"])(
  "%j removes nothing",
  (name) => {
    const text = name.trim() === "" ? "alias is required" : `alias ${JSON.stringify(name.trim())} not found`;
    expect(removed(name, { stored: [fast, many] })).toMatchObject({ text });
  },
);

test("a model of the name does not keep an alias from being removed", () => {
  expect(removed("fast", { stored: [fast], models: ["fast"] })).toEqual({ remove: fast });
});

const inFile = { problem: "conflict", text: 'alias "fast" is defined in the configuration file' };

test.each<[sentence: string, file: string, stored: Entry[], isPrefix: boolean | undefined, expected: object]>(
  [
    ["the file's alone", "fast", [], undefined, inFile],
    ["the file's in another spelling", "library/FAST:latest", [], undefined, inFile],
    ["the file's, before a stored one that it hides", "fast", [fast], undefined, inFile],
    ["the file's, before a stored prefix", "fast", [many], undefined, inFile],
    ["the stored prefix where that is said", "fast", [many], true, { remove: many }],
    ["the file's prefix", "fast*", [], undefined, inFile],
    ["the file's prefix where that is said", "fast*", [], true, inFile],
    ["the stored name beside the file's prefix", "fast*", [fast], undefined, { remove: fast }],
    ["no name where the file has only the prefix", "fast*", [], false, { text: 'alias "fast" not found' }],
  ],
)("to remove fast means %s", (_, file, stored, isPrefix, expected) => {
  expect(removed("fast", { file: { [file]: "m" }, stored }, isPrefix)).toMatchObject(expected);
});

test("a pattern of the file is meant where it is spelled as in the file", () => {
  const text = 'alias "*-mini" is defined in the configuration file';
  expect(removed("*-mini", { file: { "*-mini": "m" } })).toEqual({ problem: "conflict", text });
});
