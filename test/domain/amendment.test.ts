/** Names are kept in their short form, and a new entry takes the place of the one that it means. */

import { expect, test } from "bun:test";

import { setting } from "../../src/domain/amendment.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { after, around, ends, exact, prefix, type World } from "../support/alias-world.ts";

/** What is kept where this is asked for. */
function kept(entry: Entry, world: World = {}): object {
  return setting(entry, around(world))(world.stored ?? []);
}

test.each([
  ["fast", "fast"],
  ["Fast", "Fast"],
  [" fast\n", "fast"],
  ["fast:latest", "fast"],
  ["fast:LATEST", "fast"],
  ["library/fast", "fast"],
  ["LIBRARY/Fast:latest", "Fast"],
  ["registry.ollama.ai/library/fast:latest", "fast"],
  ["https://registry.ollama.ai/library/fast", "fast"],
  ["registry.ollama.ai/org/fast", "org/fast"],
  ["hf.co/org/fast:Q4_K_M", "hf.co/org/fast:Q4_K_M"],
  ["fast:8b", "fast:8b"],
])("%j is kept as %j, on either side of an alias", (written, short) => {
  expect(kept(exact(written, "m"))).toEqual({ set: exact(short, "m") });
  expect(kept(exact("x", written))).toEqual({ set: exact("x", short) });
  expect(kept(exact("x", "m", written))).toEqual({ set: exact("x", "m", short) });
});

test.each([
  ["gpt-4:latest", "gpt-4"],
  ["gpt-4:v", "gpt-4:v"],
  [" PRE- ", "PRE-"],
  ["models/", "models/"],
  ["library/", "library/"],
  ["bad name!", "bad name!"],
])("the prefix %j is kept as %j", (written, text) => {
  expect(kept(prefix(written, "m"))).toEqual({ set: prefix(text, "m") });
});

test("the names of other engines are kept to the letter", () => {
  const target = "Org/Repo/File:latest@q4";
  expect(kept(exact("x", ` ${target} `))).toEqual({ set: exact("x", target) });
});

test("what else was given is kept, and targets on backends with it", () => {
  const entry: Entry = {
    alias: "x",
    target: "m:latest",
    targets: [{ model: "m:latest", backend: "attic" }, "library/n"],
    strategy: "order",
    listed: false,
    echo: false,
  };
  expect(kept(entry, { backends: ["attic"] })).toEqual({
    set: { ...entry, target: "m", targets: [{ model: "m", backend: "attic" }, "n"] },
  });
});

test("an entry replaces the one of the same name in any spelling, and may turn a chain round", () => {
  const world: World = { stored: [exact("x", "y"), exact("y", "m")] };
  const change = setting(exact("Y:latest", "n"), around(world))(world.stored ?? []);
  if (!("set" in change)) throw new Error(JSON.stringify(change));
  expect(after(change, world).stored).toEqual([exact("x", "y"), exact("Y", "n")]);
  expect(ends("x", after(change, world))).toEqual(["n"]);
  // no circle: what led from x to y is replaced
  expect(kept(exact("x", "m"), { stored: [exact("x", "y"), exact("y", "x")] })).toEqual({
    set: exact("x", "m"),
  });
});

test("a name and a prefix of one text stay side by side", () => {
  const world: World = { stored: [exact("x", "m")] };
  const change = setting(prefix("x", "n"), around(world))(world.stored ?? []);
  if (!("set" in change)) throw new Error(JSON.stringify(change));
  expect(after(change, world).stored).toEqual([exact("x", "m"), prefix("x", "n")]);
});

test("what is decided depends on the entries of that moment", () => {
  const decide = setting(exact("x", "y"), around({}));
  expect(decide([])).toEqual({ set: exact("x", "y") });
  expect(decide([exact("y", "x")])).toMatchObject({ text: "alias cycle detected" });
  expect(decide([])).toEqual({ set: exact("x", "y") });
});
