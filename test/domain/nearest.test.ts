/** Somebody who mistyped is told the names that were probably meant. */

import { expect, test } from "bun:test";

import { nearest } from "../../src/domain/nearest.ts";

const MODELS = ["llama3.1:8b", "qwen3:32b", "qwen3:4b", "mistral", "deepseek-r1:14b", "gpt-oss:20b"];

test.each([
  ["lama3.1:8b", "llama3.1:8b"],
  ["llama3.1:8", "llama3.1:8b"],
  ["lllama3.1:8b", "llama3.1:8b"],
  ["llama3,1:8b", "llama3.1:8b"],
  ["mistarl", "mistral"],
  ["MISTRAL", "mistral"],
  ["deepseek-r1:41b", "deepseek-r1:14b"],
  ["gpt-os:20b", "gpt-oss:20b"],
])("%j was probably %j", (typed, meant) => {
  expect(nearest(typed, MODELS)[0]).toBe(meant);
});

test.each(["", "x", "phi", "a-model-that-nobody-has", "mis", "llama"])("%j is near nothing", (typed) => {
  expect(nearest(typed, MODELS)).toEqual([]);
});

test("the closest comes first, equals as they were given", () => {
  expect(nearest("qwen3:2b", MODELS)).toEqual(["qwen3:32b", "qwen3:4b"]);
  expect(nearest("ab", ["abc", "ab", "xb", "ax"])).toEqual(["ab", "abc", "xb"]);
});

test("up to a third of a name may be mistyped", () => {
  expect(nearest("abcdef", ["abcdxy"])).toEqual(["abcdxy"]);
  expect(nearest("abcdef", ["abcxyz"])).toEqual([]);
});

test("two neighbours that were swapped are one slip, not two", () => {
  expect(nearest("abc", ["acb", "axx"])).toEqual(["acb"]);
});

test("no more than three are told, or as many as are asked for", () => {
  const many = ["model-1", "model-2", "model-3", "model-4"];
  expect(nearest("model-0", many)).toEqual(["model-1", "model-2", "model-3"]);
  expect(nearest("model-0", many, 1)).toEqual(["model-1"]);
  expect(nearest("model-0", many, 9)).toEqual(many);
});

test("what is there twice is told once", () => {
  expect(nearest("mistal", ["mistral", "mistral"])).toEqual(["mistral"]);
});

test("a name comes back as it is written", () => {
  expect(nearest("meta-lama", ["Meta-Llama"])).toEqual(["Meta-Llama"]);
  expect(nearest("mistarl", ["MISTRAL"])).toEqual(["MISTRAL"]);
});

test("names of more than 100 characters are not compared", () => {
  const [fits, tooLong] = ["a".repeat(100), "a".repeat(101)];
  expect(nearest(fits, [fits, tooLong])).toEqual([fits]);
  expect(nearest(tooLong, [fits, tooLong])).toEqual([]);
});

test("a name of 10 kB and thousands of candidates are no trouble", () => {
  const candidates = Array.from({ length: 5000 }, (_, index) => `model-${index}`.padEnd(10_000, "x"));
  // whoever compared them letter by letter would take hours, and run into the limit of every test
  expect(nearest("y".repeat(10_000), candidates)).toEqual([]);
  expect(nearest("model-y", candidates)).toEqual([]);
});
