/** What `options`, `keep_alive` and `force` may not hold, told alike wherever they stand. */

import { describe, expect, test } from "bun:test";

import { configOf, mistakesOf } from "../support/reading.ts";

const TABLE = "expected a table of options such as { num_ctx = 8192 }";
const KEEP = 'expected a duration such as "30m", a number of seconds, or -1 for ever';
const FORCE = "expected a table with options or keep_alive";
const COUNT = "expected a whole number from 1 on";
const WHOLE = "expected a whole number";
const JSON_VALUE = "expected a number, a string, true or false, or a list of them";

/** Where parameters may stand: the path of their table, and a file that has `line` there. */
const PLACES: readonly (readonly [path: string, toml: (line: string) => string])[] = [
  ["defaults", (line) => `[defaults]\n${line}\n`],
  ["backend.0", (line) => `[[backend]]\nurl = "http://a:1"\n${line}\n`],
  ["models.m", (line) => `[models.m]\n${line}\n`],
  ["aliases.a", (line) => `[aliases.a]\ntargets = ["m"]\n${line}\n`],
];

/** Wrong lines, and the mistakes of each below the table that they stand in. */
const WRONG: readonly (readonly [line: string, ...mistakes: string[]])[] = [
  ["options = 1", `options: ${TABLE}, got 1`],
  ['options = "num_ctx"', `options: ${TABLE}, got "num_ctx"`],
  ["options = [8192]", `options: ${TABLE}, got a list`],
  ["options = 1979-05-27", `options: ${TABLE}, got a date`],
  ['options.num_ctx = "8192"', `options.num_ctx: ${COUNT}, got "8192"`],
  ["options.num_ctx = 0", `options.num_ctx: ${COUNT}, got 0`],
  ["options.num_ctx = -1", `options.num_ctx: ${COUNT}, got -1`],
  ["options.num_ctx = 1.5", `options.num_ctx: ${COUNT}, got 1.5`],
  ["options.num_ctx = nan", `options.num_ctx: ${COUNT}, got NaN`],
  ["options.num_ctx = inf", `options.num_ctx: ${COUNT}, got Infinity`],
  ["options.num_ctx = true", `options.num_ctx: ${COUNT}, got true`],
  ["options.num_ctx = [8192]", `options.num_ctx: ${COUNT}`],
  ["options.num_gpu = 0.5", `options.num_gpu: ${WHOLE}, got 0.5`],
  ["options.temperature = nan", "options.temperature: expected a number, got NaN"],
  ["options.temperature = -inf", "options.temperature: expected a number, got -Infinity"],
  ['options.temperature = "0"', 'options.temperature: expected a number, got "0"'],
  ["options.use_mmap = 1", "options.use_mmap: expected true or false, got 1"],
  ['options.stop = "</s>"', 'options.stop: expected a list of strings, got "</s>"'],
  ["options.stop = [1]", "options.stop: expected a list of strings"],
  ["options.num_ctxt = 1", 'options.num_ctxt: unknown option, did you mean "num_ctx"?'],
  ["options.temprature = 1", 'options.temprature: unknown option, did you mean "temperature"?'],
  ["options.NUM_CTX = 1", 'options.NUM_CTX: unknown option, did you mean "num_ctx"?'],
  ["options.brand_new_thing = 1979-05-27", `options.brand_new_thing: ${JSON_VALUE}`],
  ["options.brand_new_thing = nan", `options.brand_new_thing: ${JSON_VALUE}, got NaN`],
  ["options.brand_new_thing = { a = 1 }", `options.brand_new_thing: ${JSON_VALUE}`],
  ["keep_alive = true", `keep_alive: ${KEEP}, got true`],
  ['keep_alive = "forever"', `keep_alive: ${KEEP}`],
  ['keep_alive = ""', `keep_alive: ${KEEP}`],
  ['keep_alive = "5 parsecs"', `keep_alive: ${KEEP}`],
  ["keep_alive = nan", `keep_alive: ${KEEP}, got NaN`],
  ["keep_alive = []", `keep_alive: ${KEEP}, got a list`],
  ["keep_alive = 1979-05-27", `keep_alive: ${KEEP}, got a date`],
  ["force = true", `force: ${FORCE}, got true`],
  ["force = 8192", `force: ${FORCE}, got 8192`],
  ["force = { num_ctx = 1 }", "force.num_ctx: unknown key, it belongs in options = { num_ctx = … }"],
  ["num_ctx = 1", "num_ctx: unknown key, it belongs in options = { num_ctx = … }"],
  ["options.max_tokens = 1", 'options.max_tokens: unknown option, here it is called "num_predict"'],
  ["options.stream = false", "options.stream: stream is no option of a model"],
  ["keep_alive = inf", `keep_alive: ${KEEP}`],
  ["force = { option = { num_ctx = 1 } }", 'force.option: unknown key, did you mean "options"?'],
  ["force = { force = { keep_alive = 1 } }", "force.force: unknown key"],
  ["force.options = 1", `force.options: ${TABLE}, got 1`],
  ['force.options.num_ctx = "many"', `force.options.num_ctx: ${COUNT}, got "many"`],
  ['force.keep_alive = "soon"', `force.keep_alive: ${KEEP}`],
  [
    'options = { num_ctx = 0, temperature = "hot" }',
    `options.num_ctx: ${COUNT}, got 0`,
    'options.temperature: expected a number, got "hot"',
  ],
];

function withoutPlaces(toml: string): string[] {
  return mistakesOf(toml).map((mistake) => mistake.replace(/^\d+:\d+: /, ""));
}

describe.each(PLACES)("in [%s]", (path, toml) => {
  test.each(WRONG)("%s", (line, ...mistakes) => {
    expect(withoutPlaces(toml(line))).toEqual(mistakes.map((mistake) => `${path}.${mistake}`));
  });

  test.each([
    "options = {}",
    "options.num_ctx = 1",
    "options.num_gpu = -1",
    "options.temperature = 0",
    "options.seed = -7",
    "options.stop = []",
    'options.draft_model_of_tomorrow = "x"',
    'options.brand_new_thing = [1, "a", true, 2.5]',
    "keep_alive = 0",
    "keep_alive = -1",
    "keep_alive = 1.5",
    'keep_alive = "1h30m"',
    'keep_alive = "-1m"',
    'keep_alive = "300"',
    "force = {}",
    "force = { options = {}, keep_alive = 0 }",
  ])("%s is none", (line) => {
    expect(mistakesOf(toml(line))).toEqual([]);
  });
});

test("a text of more than sixty characters is not quoted", () => {
  const [mistake = ""] = withoutPlaces(`[defaults]\noptions.num_ctx = "${"9".repeat(70)}"`);
  expect(mistake).toBe(`defaults.options.num_ctx: ${COUNT}`);
});

test("names of options that objects have by themselves are names as any other", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty"])
    expect(configOf(`[defaults]\noptions.${name} = 1`).defaults?.options).toEqual({ [name]: 1 });
});

test("each mistake is told at its own line and column", () => {
  const toml = `[defaults]
options = { num_ctx = "8k", temperature = 0 }
keep_alive = "ever"
[[backend]]
url = "http://a:1"
preload = "m"
  [backend.force]
  keepalive = 1
  options = 3
[models]
m = {}
"n:1b" = { options = { stop = "x" }, backend = "b" }
[aliases]
a = { targets = ["m"], force = { options = { num_ctx = 1.5 } } }
`;
  expect(mistakesOf(toml)).toEqual([
    `2:13: defaults.options.num_ctx: ${COUNT}, got "8k"`,
    `3:1: defaults.keep_alive: ${KEEP}`,
    '6:1: backend.0.preload: expected a list of names, got "m"',
    '8:3: backend.0.force.keepalive: unknown key, did you mean "keep_alive"?',
    `9:3: backend.0.force.options: ${TABLE}, got 3`,
    "11:1: models.m: expected a backend, or parameters of the model",
    '12:1: models."n:1b": no backend is called "b"',
    '12:24: models."n:1b".options.stop: expected a list of strings, got "x"',
    `14:46: aliases.a.force.options.num_ctx: ${COUNT}, got 1.5`,
  ]);
});
