/** The catalog finds every backend that has a model, and knows which of them spell it as it was asked. */

import { describe, expect, test } from "bun:test";

import type { Backend } from "../../src/fleet/backend.ts";
import { catalogOf, type Pins } from "../../src/fleet/catalog.ts";
import { stocked } from "../support/stocked.ts";

const NO_PINS: Pins = new Map();

/** What is found, as "backend:model", those that fit only loosely in brackets. */
function found(name: string, backends: readonly Backend[], pins = NO_PINS): string[] {
  return catalogOf(backends, pins)
    .find(name)
    .map(({ backend, model, loose }) =>
      loose ? `(${backend.name} ${model.id})` : `${backend.name} ${model.id}`,
    );
}

describe("of one name on several backends", () => {
  const fleet = [
    stocked("a", ["Qwen3:latest"]),
    stocked("b", ["qwen3"]),
    stocked("c", ["library/qwen3:latest"]),
    stocked("d", ["qwen3:4b"]),
    stocked("e", ["QWEN3"]),
  ];

  test.each([
    ["qwen3", ["b qwen3", "(a Qwen3:latest)", "(c library/qwen3:latest)", "(e QWEN3)"]],
    ["QWEN3", ["e QWEN3", "(a Qwen3:latest)", "(b qwen3)", "(c library/qwen3:latest)"]],
    [" qwen3 ", ["b qwen3", "(a Qwen3:latest)", "(c library/qwen3:latest)", "(e QWEN3)"]],
  ])("those that spell it as %p come first, the others after them", (name, offers) => {
    expect(found(name, fleet)).toEqual(offers);
  });

  test("none is loose where nobody spells it so", () => {
    const all = ["a Qwen3:latest", "b qwen3", "c library/qwen3:latest", "e QWEN3"];
    expect(found("qWEN3", fleet)).toEqual(all);
  });

  test("another tag is another model", () => {
    expect(found("qwen3:4b", fleet)).toEqual(["d qwen3:4b"]);
    expect(found("qwen3:8b", fleet)).toEqual([]);
  });
});

test("several that spell it as asked come in the order of the configuration", () => {
  const fleet = [stocked("z", ["m"]), stocked("y", ["other"]), stocked("x", ["m"])];
  expect(found("m", fleet)).toEqual(["z m", "x m"]);
  expect(catalogOf(fleet, NO_PINS).offers.map(({ model }) => model.id)).toEqual(["m", "other", "m"]);
});

test("a backend that spells it both ways offers it as it was asked", () => {
  const fleet = [stocked("a", ["Tiny", "tiny"]), stocked("b", ["TINY"])];
  expect(found("tiny", fleet)).toEqual(["a tiny", "(b TINY)"]);
});

test("names that are none of Ollama's are found as they are", () => {
  const names = ["org/repo/x@q4", "Meta-Llama-3.1-8B-Instruct.gguf", "hf.co/org/repo:Q4_K_M", "tiny:2"];
  const fleet = [stocked("a", names)];
  for (const name of names) expect(found(name, fleet)).toEqual([`a ${name}`]);
  expect(found("tiny", fleet)).toEqual([]);
});

test("a backend that is down keeps its models in the catalog", () => {
  const lost = stocked("a", ["m"]);
  lost.lose("connection refused");
  expect(found("m", [lost])).toEqual(["a m"]);
});

test("one that was never reached has none", () => {
  expect(catalogOf([stocked("a", undefined)], NO_PINS).offers).toEqual([]);
});

describe("a pinned model", () => {
  const fleet = [stocked("a", ["m:latest", "n"]), stocked("b", ["m"]), stocked("c", ["m"])];

  test.each([
    [["b"], ["b m"]],
    [
      ["c", "b"],
      ["b m", "c m"],
    ],
    [["a"], ["a m:latest"]],
    [["elsewhere"], []],
  ])("is offered by %p alone", (homes, offers) => {
    const pins = new Map([["m", homes]]);
    expect(found("m", fleet, pins)).toEqual(offers);
    expect(catalogOf(fleet, pins).has("M:latest")).toBe(offers.length > 0);
  });

  test("leaves all other models alone", () => {
    expect(found("n", fleet, new Map([["m", ["b"]]]))).toEqual(["a n"]);
  });
});
