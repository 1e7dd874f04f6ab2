/** The truth tables of what becomes of a model that is to be in memory. */

import { expect, test } from "bun:test";

import { afterAsked, afterLook, type Condition, type Sight } from "../../src/domain/preload.ts";

const CONDITIONS: readonly Condition[] = [
  "waiting",
  "loading",
  "loaded",
  "failed",
  "missing",
  "unloaded",
  "displaced",
];

/** It is there, nothing is loaded, and nothing has happened. */
const SIGHT: Sight = { isThere: true, isLoaded: false, isTaken: false, isBack: false, isRetry: false };
const LOADED: Partial<Sight> = { isLoaded: true, isTaken: true };
const OTHERS: Partial<Sight> = { isTaken: true };

type Row = readonly [what: string, sight: Partial<Sight>, after: readonly Condition[]];

/** What follows on each of the conditions above, in their order. */
const LOOKS: readonly Row[] = [
  ["nothing in memory", {}, ["waiting", "loading", "waiting", "failed", "waiting", "unloaded", "waiting"]],
  [
    "others in memory",
    OTHERS,
    ["waiting", "loading", "displaced", "failed", "waiting", "unloaded", "displaced"],
  ],
  ["it in memory", LOADED, ["waiting", "loading", "loaded", "loaded", "waiting", "unloaded", "loaded"]],
  [
    "nothing, and it is time to try again",
    { isRetry: true },
    ["waiting", "loading", "waiting", "waiting", "waiting", "unloaded", "waiting"],
  ],
  [
    "others, and it is time to try again",
    { ...OTHERS, isRetry: true },
    ["waiting", "loading", "displaced", "waiting", "waiting", "unloaded", "displaced"],
  ],
];

test.each(LOOKS)("a look that finds %s", (_, sight, after) => {
  expect(CONDITIONS.map((condition) => afterLook(condition, { ...SIGHT, ...sight }))).toEqual([...after]);
});

/** Every sight there is. */
const SIGHTS: readonly Sight[] = Array.from({ length: 32 }, (_, bits) => ({
  isThere: (bits & 1) > 0,
  isLoaded: (bits & 2) > 0,
  isTaken: (bits & 4) > 0,
  isBack: (bits & 8) > 0,
  isRetry: (bits & 16) > 0,
}));

test("a model that is not there is missing, whatever else is seen", () => {
  for (const sight of SIGHTS.filter(({ isThere }) => !isThere))
    for (const condition of CONDITIONS) expect(afterLook(condition, sight)).toBe("missing");
});

test("an engine that has come back is loaded anew, but for what is loading already", () => {
  for (const sight of SIGHTS.filter(({ isThere, isBack }) => isThere && isBack))
    for (const condition of CONDITIONS)
      expect(afterLook(condition, sight)).toBe(condition === "loading" ? "loading" : "waiting");
});

test("what a client has unloaded no look brings back, as long as the engine is there", () => {
  for (const sight of SIGHTS.filter(({ isThere, isBack }) => isThere && !isBack))
    expect(afterLook("unloaded", sight)).toBe("unloaded");
});

test("whoever asks for it has it in again; of the others nothing is new by that", () => {
  const after = CONDITIONS.map(afterAsked);
  expect(after).toEqual(["waiting", "loading", "loaded", "failed", "missing", "displaced", "displaced"]);
});
