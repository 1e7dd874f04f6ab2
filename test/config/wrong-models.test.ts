/** What entries of `[models]` may not be, and what `preload` may not: each mistake at once, at its place. */

import { expect, test } from "bun:test";

import { configOf, mistakesOf } from "../support/reading.ts";

const BACKENDS =
  '[[backend]]\nname = "gpu"\nurl = "http://a:1"\n[[backend]]\nname = "attic"\nurl = "http://b:1"\n';
const FORM = "expected a backend's name, a list of them, or a table";
const EMPTY = "expected a backend, or parameters of the model";
const NO_GPX = 'no backend is called "gpx", did you mean "gpu"?';

/** Of a file whose seventh line is the only entry of `[models]`. */
function mistakesIn(entry: string): string[] {
  return mistakesOf(`${BACKENDS}[models]\n${entry}\n`).map((mistake) => mistake.replace(/^8:\d+: /, ""));
}

test.each([
  ["m = 1", `models.m: ${FORM}, got 1`],
  ["m = true", `models.m: ${FORM}, got true`],
  ["m = 1979-05-27", `models.m: ${EMPTY}`],
  ["m = []", "models.m: expected at least one backend"],
  ["m = {}", `models.m: ${EMPTY}`],
  ["m = { backend = [] }", "models.m.backend: expected at least one backend"],
  ["m = { backend = 1 }", "models.m.backend: expected a backend's name or a list of them, got 1"],
  ['m = ["gpu", 2]', "models.m.1: expected a string, got 2"],
  ['m = { backend = ["gpu", 2] }', "models.m.backend.1: expected a string, got 2"],
  ['m = "gpx"', `models.m: ${NO_GPX}`],
  ['m = ["gpu", "gpx"]', `models.m: ${NO_GPX}`],
  ['m = { backend = "gpx" }', `models.m: ${NO_GPX}`],
  ['m = { backends = "gpu" }', 'models.m.backends: unknown key, did you mean "backend"?'],
  ['m = { targets = ["x"] }', "models.m.targets: unknown key"],
  ['m = { preload = true, backend = "gpu" }', "models.m.preload: unknown key"],
  ['"qwen*" = "gpu"', 'models."qwen*": expected the exact name of a model: a "*" stands for nothing here'],
  ['"" = "gpu"', 'models."": expected a name that is not blank and has no control characters'],
  ['qwen2.5 = "gpu"', 'models.qwen2: a name with a dot needs quotes: "qwen2.5"'],
])("%s", (entry, mistake) => {
  expect(mistakesIn(entry)).toEqual([mistake]);
});

test.each([
  ['m = "gpu"\n"M:latest" = "attic"', 'models."M:latest"'],
  ['m = "gpu"\n"library/m" = { keep_alive = 1 }', 'models."library/m"'],
  ["m = { keep_alive = 1 }\nM = { keep_alive = 2 }", "models.M"],
])("the same model twice, also where it is spelled otherwise: %j", (entries, path) => {
  expect(mistakesOf(`${BACKENDS}[models]\n${entries}\n`)).toEqual([
    `9:1: ${path}: a second entry of the same model`,
  ]);
});

test("all that is wrong is told at once, also where one entry has several mistakes", () => {
  const entries = [
    'm = { backend = "gpx", keep_alive = "ever", options = { num_ctx = 0 } }',
    "n = 1",
    '"N:latest" = "gpx"',
  ];
  expect(mistakesOf(`${BACKENDS}[models]\n${entries.join("\n")}\n`)).toEqual([
    `8:1: models.m: ${NO_GPX}`,
    '8:24: models.m.keep_alive: expected a duration such as "30m", a number of seconds, or -1 for ever',
    "8:57: models.m.options.num_ctx: expected a whole number from 1 on, got 0",
    `9:1: models.n: ${FORM}, got 1`,
    '10:1: models."N:latest": a second entry of the same model',
    `10:1: models."N:latest": ${NO_GPX}`,
  ]);
});

test("an alias tells of its options and of its targets at once", () => {
  const alias = 'a = { targets = [{ model = "m", backend = "gpx" }], options = { num_ctx = 0 } }';
  expect(mistakesOf(`${BACKENDS}[aliases]\n${alias}\n`)).toEqual([
    `8:1: aliases.a: ${NO_GPX}`,
    "8:65: aliases.a.options.num_ctx: expected a whole number from 1 on, got 0",
  ]);
});

test.each([
  '"gpu"',
  '["gpu", "attic"]',
  '{ backend = ["gpu", "attic"], keep_alive = 1 }',
  "{ keep_alive = 0 }",
])("m = %s is none", (entry) => {
  const { pins, models } = configOf(`${BACKENDS}[models]\n"M:latest" = ${entry}\n`);
  expect([...models.keys()]).toEqual(["m"]);
  expect([...pins.keys()]).toEqual(entry.includes("gpu") ? ["m"] : []);
});

test.each([
  ['"m"', 'expected a list of names, got "m"'],
  ["true", "expected a list of names, got true"],
  ["{ m = true }", "expected a list of names, got a table"],
])("preload = %s is a mistake", (value, mistake) => {
  expect(mistakesOf(`${BACKENDS}preload = ${value}\n`)).toEqual([`7:1: backend.1.preload: ${mistake}`]);
});

test("a preload of names that are none is told, each by its place in the list", () => {
  expect(mistakesOf(`${BACKENDS}preload = ["m", 1]\n`)).toEqual([
    "7:17: backend.1.preload.1: expected a string, got 1",
  ]);
});
