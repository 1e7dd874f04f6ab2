/** What an alias or a pin may not be: each mistake names what was expected in that very place. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

const ALIAS = "expected a model's name, a list of them, or a table with targets";
const TARGET = 'expected a model\'s name or { model = "…", backend = "…" }';
const WEIGHT = "expected a number from 0.001 to 1000";
const PIN = "expected a backend's name, a list of them, or a table";

test.each([
  ["1", [`2:1: aliases.a: ${ALIAS}, got 1`]],
  ["true", [`2:1: aliases.a: ${ALIAS}, got true`]],
  ["[]", ["2:1: aliases.a: expected at least one target"]],
  ['["m", 1]', [`2:11: aliases.a.1: ${TARGET}, got 1`]],
  ["[{}]", ["2:6: aliases.a.0.model: missing"]],
  ['[{ backend = "b" }]', ["2:6: aliases.a.0.model: missing"]],
  [
    "[{ model = 1, backend = 2 }]",
    [
      "2:8: aliases.a.0.model: expected a string, got 1",
      "2:19: aliases.a.0.backend: expected a string, got 2",
    ],
  ],
  ['[{ model = "m", weight = 0 }]', [`2:21: aliases.a.0.weight: ${WEIGHT}`]],
  ['["m", { model = "n", weight = "3" }]', [`2:26: aliases.a.1.weight: ${WEIGHT}, got "3"`]],
  ["[{ weight = 3 }]", ["2:6: aliases.a.0.model: missing"]],
  ['{ targets = [{ model = "m", weight = 1001 }] }', [`2:33: aliases.a.targets.0.weight: ${WEIGHT}`]],
  ['{ targets = ["m"], weight = 3 }', ["2:24: aliases.a.weight: unknown key"]],
  ["{}", ["2:1: aliases.a.targets: missing"]],
  ["{ targets = [] }", ["2:7: aliases.a.targets: expected at least one target"]],
  ['{ targets = "m" }', ['2:7: aliases.a.targets: expected a list of targets, got "m"']],
  ["{ targets = [1] }", [`2:18: aliases.a.targets.0: ${TARGET}, got 1`]],
  [
    '{ targets = ["m"], strategy = "random", listed = 1, echo = "no" }',
    [
      '2:24: aliases.a.strategy: expected "pool", "order", got "random"',
      "2:45: aliases.a.listed: expected true or false, got 1",
      '2:57: aliases.a.echo: expected true or false, got "no"',
    ],
  ],
])("an alias that is %s is told what it lacks", (value, mistakes) => {
  expect(mistakesOf(`[aliases]\na = ${value}\n`)).toEqual(mistakes);
});

test("an alias in a table of its own has its mistakes there", () => {
  expect(mistakesOf('[aliases.a]\ntargets = [\n  "m",\n  2,\n]\nstrategy = 3\n')).toEqual([
    `4:3: aliases.a.targets.1: ${TARGET}, got 2`,
    '6:1: aliases.a.strategy: expected "pool", "order", got 3',
  ]);
});

test.each([
  ["1", `4:1: models.m: ${PIN}, got 1`],
  ["[]", "4:1: models.m: expected at least one backend"],
  ["[1]", "4:6: models.m.0: expected a string, got 1"],
  ["{}", "4:1: models.m: expected a backend, or parameters of the model"],
  ["{ backend = [] }", "4:7: models.m.backend: expected at least one backend"],
  ["{ backend = 1 }", "4:7: models.m.backend: expected a backend's name or a list of them, got 1"],
  ['{ backend = ["b", 2] }', "4:23: models.m.backend.1: expected a string, got 2"],
])("a pin that is %s is told what it lacks", (value, mistake) => {
  expect(mistakesOf(`[[backend]]\nurl = "http://b"\n[models]\nm = ${value}\n`)).toEqual([mistake]);
});

test.each([
  ["empty", '""', '""'],
  ["blank", '" "', '" "'],
  ["broken in two", '"a\\nb"', '"a\\nb"'],
])("the name of a pinned model cannot be %s", (_, key, path) => {
  expect(mistakesOf(`[[backend]]\nurl = "http://b"\n[models]\n${key} = "b"\n`)).toEqual([
    `4:1: models.${path}: expected a name that is not blank and has no control characters`,
  ]);
});

test.each(["M", "m:latest", "library/m"])("m and %s are one model, which has one entry", (other) => {
  const toml = `[[backend]]\nurl = "http://b"\n[models]\nm = "b"\n"${other}" = "b"\n`;
  const [mistake = ""] = mistakesOf(toml);
  expect(mistake).toStartWith("5:1: models.");
  expect(mistake).toEndWith(": a second entry of the same model");
});

test.each([
  ["gpv", ', did you mean "gpu"?'],
  ["GPU", ', did you mean "gpu"?'],
  ["atic", ', did you mean "attic"?'],
  ["cellar:1143", ', did you mean "cellar:11434"?'],
  ["workstation", ""],
])("every target and pin on the unknown backend %s is told", (name, hint) => {
  const toml = `[[backend]]
name = "gpu"
url = "http://a:1"
[[backend]]
name = "attic"
url = "http://b:1"
[[backend]]
url = "http://cellar:11434"
[models]
one = "${name}"
two = ["gpu", "${name}"]
three = { backend = "${name}" }
[aliases]
four = [{ model = "m", backend = "attic" }, { model = "m", backend = "${name}" }]
five = { targets = [{ model = "m", backend = "${name}" }] }
`;
  const why = `no backend is called "${name}"${hint}`;
  expect(mistakesOf(toml)).toEqual([
    `10:1: models.one: ${why}`,
    `11:1: models.two: ${why}`,
    `12:1: models.three: ${why}`,
    `14:1: aliases.four: ${why}`,
    `15:1: aliases.five: ${why}`,
  ]);
});

test("where no backend is configured, none can be named", () => {
  expect(mistakesOf('models.m = "gpu"\n')).toEqual(['1:8: models.m: no backend is called "gpu"']);
});
