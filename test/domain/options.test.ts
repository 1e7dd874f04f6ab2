/** What may be wrong with an option, and what may be new. */

import { expect, test } from "bun:test";

import * as v from "valibot";

import { optionFault } from "../../src/domain/options.ts";
import { parameterEntries } from "../../src/domain/parameter-schema.ts";

test.each<[name: string, ...values: unknown[]]>([
  ["num_ctx", 1, 8192, 2 ** 40],
  ["num_gpu", -1, 0, 99],
  ["seed", 0, -1, Number.MAX_SAFE_INTEGER],
  ["num_predict", -2, -1, 0, 1],
  ["temperature", 0, 0.7, 2, -1],
  ["stop", [], ["</s>"], ["", "a"]],
  ["use_mmap", true, false],
  ["draft_num_predict", 4],
  // of an engine that is newer
  ["dry_multiplier", 0.8, "x", true, ["a", 1]],
  ["constructor", 1],
  ["__proto__", 1],
  ["größe", 1],
])("%s may be %p", (name, ...values) => {
  for (const value of values) expect(optionFault(name, value)).toBeUndefined();
});

test.each<[name: string, fault: string, ...values: unknown[]]>([
  ["num_ctx", "expected a whole number from 1 on", "8192", 0, -1, 1.5, null, [8192], true, Infinity],
  ["num_gpu", "expected a whole number", "all", 0.5, null, 2 ** 60, Number.NaN],
  ["temperature", "expected a number", "0", null, Infinity, Number.NaN, []],
  ["use_mmap", "expected true or false", 1, "true", null],
  ["stop", "expected a list of strings", "</s>", [1], [["a"]], null, {}],
  [
    "dry_multiplier",
    "expected a number, a string, true or false, or a list of them",
    null,
    {},
    [{}],
    Number.NaN,
    undefined,
  ],
])("%s: %s", (name, fault, ...values) => {
  for (const value of values) expect(optionFault(name, value)).toBe(fault);
});

test.each([
  ["num_ctxt", "num_ctx"],
  ["Num_Ctx", "num_ctx"],
  ["numctx", "num_ctx"],
  ["temprature", "temperature"],
  ["stops", "stop"],
])("%s looks like %s", (name, meant) => {
  expect(optionFault(name, 1)).toBe(`unknown option, did you mean "${meant}"?`);
});

test("how long a model stays is no option", () => {
  expect(optionFault("keep_alive", "5m")).toBe("keep_alive is no option: it stands beside them");
});

/** What is wrong, with the path to it. */
function faults(parameters: unknown): string[] {
  const read = v.safeParse(v.object(parameterEntries), parameters);
  return (read.issues ?? []).map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
}

test("every fault is told with its place and with what stands there", () => {
  const written = {
    options: { num_ctx: "8192", temprature: 1 },
    keep_alive: "soon",
    force: { options: [1] },
  };
  const alive = 'expected a duration such as "30m", a number of seconds, or -1 for ever';
  expect(faults(written)).toEqual([
    'options.num_ctx: expected a whole number from 1 on, got "8192"',
    'options.temprature: unknown option, did you mean "temperature"?',
    `keep_alive: ${alive}`,
    "force.options: expected a table of options such as { num_ctx = 8192 }",
  ]);
  expect(faults({ options: null, force: { options: { seed: null } } })).toEqual([
    "options: expected a table of options such as { num_ctx = 8192 }",
    "force.options.seed: expected a whole number",
  ]);
  expect(faults({ force: { keep_alive: true } })).toEqual([`force.keep_alive: ${alive}`]);
});

test("a text of any length is no part of what is said", () => {
  expect(faults({ options: { num_ctx: "x".repeat(100) } })).toEqual([
    "options.num_ctx: expected a whole number from 1 on",
  ]);
});
