/** What comes of parameters on several levels: the truth table of defaults, requests and forces. */

import { expect, test } from "bun:test";

import { type Parameters, parametersOf, settled, unasked, type Values } from "../../src/domain/parameters.ts";

/** What the engine gets for an option and for `keep_alive`, where a request says 3 of them or nothing. */
function got(levels: readonly (Parameters | undefined)[], asked: number | undefined): Values {
  const { defaults, force } = settled(levels) ?? { defaults: {}, force: {} };
  const num_ctx = force.options?.["num_ctx"] ?? asked ?? defaults.options?.["num_ctx"];
  return { options: { num_ctx }, keep_alive: force.keep_alive ?? asked ?? defaults.keep_alive };
}

function saying(value: number | undefined): Values {
  return value === undefined ? {} : { options: { num_ctx: value }, keep_alive: value };
}

const _ = undefined;

/** The table of `settled`, row by row. */
test.each<(number | undefined)[]>([
  // outer default, inner default, request, outer force, inner force, what the engine gets
  [_, _, _, _, _, _],
  [1, _, _, _, _, 1],
  [_, 2, _, _, _, 2],
  [1, 2, _, _, _, 2],
  [_, _, 3, _, _, 3],
  [1, _, 3, _, _, 3],
  [_, 2, 3, _, _, 3],
  [1, 2, 3, _, _, 3],
  [_, _, _, 4, _, 4],
  [1, _, _, 4, _, 4],
  [_, 2, _, 4, _, 4],
  [1, 2, _, 4, _, 4],
  [_, _, 3, 4, _, 4],
  [1, _, 3, 4, _, 4],
  [_, 2, 3, 4, _, 4],
  [1, 2, 3, 4, _, 4],
  [_, _, _, _, 5, 5],
  [1, _, _, _, 5, 5],
  [_, 2, _, _, 5, 5],
  [1, 2, _, _, 5, 5],
  [_, _, 3, _, 5, 5],
  [1, _, 3, _, 5, 5],
  [_, 2, 3, _, 5, 5],
  [1, 2, 3, _, 5, 5],
  [_, _, _, 4, 5, 5],
  [1, _, _, 4, 5, 5],
  [_, 2, _, 4, 5, 5],
  [1, 2, _, 4, 5, 5],
  [_, _, 3, 4, 5, 5],
  [1, _, 3, 4, 5, 5],
  [_, 2, 3, 4, 5, 5],
  [1, 2, 3, 4, 5, 5],
])(
  "defaults %p and %p, request %p, forces %p and %p: %p",
  (outer, inner, asked, outerForce, innerForce, expected) => {
    const levels = [
      { ...saying(outer), force: saying(outerForce) },
      { ...saying(inner), force: saying(innerForce) },
    ];
    expect(got(levels, asked)).toEqual({ options: { num_ctx: expected }, keep_alive: expected });
  },
);

test("of many levels the last that says something wins, whatever says nothing in between", () => {
  const levels = [saying(1), undefined, saying(2), {}, saying(7), { options: {} }];
  expect(got(levels, undefined)).toEqual({ options: { num_ctx: 7 }, keep_alive: 7 });
  const forces = levels.map((level) => ({ force: { ...level } }));
  expect(got(forces, 3)).toEqual({ options: { num_ctx: 7 }, keep_alive: 7 });
});

test("each option goes its own way", () => {
  const levels = [
    { options: { a: 1, b: 1, c: 1 }, keep_alive: "1m", force: { options: { d: 1, e: 1 } } },
    { options: { b: 2, d: 2 }, force: { options: { c: 2, e: 2 }, keep_alive: "2m" } },
    { options: { f: 3 } },
  ];
  expect(settled(levels)).toEqual({
    defaults: { options: { a: 1, b: 2, c: 1, d: 2, f: 3 }, keep_alive: "1m" },
    force: { options: { c: 2, d: 1, e: 2 }, keep_alive: "2m" },
  });
});

test("values that are nothing elsewhere are values: 0, false, an empty text, an empty list", () => {
  const nothings = { seed: 0, use_mmap: false, text: "", stop: [] };
  const levels = [{ options: { seed: 1, use_mmap: true, text: "x", stop: ["x"] }, keep_alive: "5m" }];
  expect(settled([...levels, { options: nothings, keep_alive: 0 }])?.defaults).toEqual({
    options: nothings,
    keep_alive: 0,
  });
});

test("an option may bear the name of what every object has", () => {
  const odd = JSON.parse('{"__proto__":1,"constructor":2,"toString":3}') as Record<string, unknown>;
  const both = settled([{ options: odd }, { options: { constructor: 4 } }]);
  expect(JSON.stringify(both?.defaults.options)).toBe('{"__proto__":1,"constructor":4,"toString":3}');
});

test("where nothing is said anywhere there is nothing", () => {
  expect(settled([])).toBeUndefined();
  expect(settled([undefined, undefined])).toBeUndefined();
  const nothings: Parameters[] = [
    {},
    { options: {} },
    { force: {} },
    { force: { options: {} } },
    { options: {}, force: { options: {} } },
  ];
  for (const nothing of nothings) expect(parametersOf(nothing)).toBeUndefined();
});

test("what is read keeps what it says, and nothing else", () => {
  expect(parametersOf({ options: {}, keep_alive: 0, force: { options: { seed: 1 } } })).toEqual({
    keep_alive: 0,
    force: { options: { seed: 1 } },
  });
});

test("a load, which nobody's request asks for, gets the forces before the defaults", () => {
  const both = settled([
    { options: { num_ctx: 1, seed: 1 }, keep_alive: "1m", force: { options: { num_ctx: 4 } } },
    { options: { num_ctx: 2 } },
  ]);
  expect(both && unasked(both)).toEqual({ options: { num_ctx: 4, seed: 1 }, keep_alive: "1m" });
});
