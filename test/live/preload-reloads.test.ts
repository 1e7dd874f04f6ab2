/** Another configuration: names come and go, what clients unloaded stays out, and no engine loads two models at a time. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { eventually } from "../support/eventually.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { change } from "../support/reloading.ts";
import { type WarmOllama, warmOllama } from "../support/warm-ollama.ts";
import { looksPass, preloads, say, untilStates, warmRouter, warmToml } from "../support/warm-stage.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

let engine: WarmOllama;
let router: Mellamo;

beforeEach(async () => {
  engine = warmOllama(["a", "b", "c"]);
  router = await warmRouter({ gpu: { engine, preload: ["a", "b"] } });
  await untilStates(router, "gpu", ["loaded", "loaded"]);
});

afterEach(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

function wanting(preload: readonly string[], more = "", name = "gpu"): string {
  return warmToml({ [name]: { engine, preload, more } });
}

function models(): readonly string[] {
  return engine.calls.map(({ model }) => model.replace(":latest", ""));
}

test("names that are added are loaded, and the others left as they are", async () => {
  await change(router, wanting(["c", "a", "b"]));
  await untilStates(router, "gpu", ["loaded", "loaded", "loaded"]);
  expect(models()).toEqual(["a", "b", "c"]);
});

const QUIET: readonly (readonly [string, () => string])[] = [
  ["nothing", () => wanting(["a", "b"])],
  ["its priority", () => wanting(["a", "b"], "priority = 7")],
  ["an alias", () => `${wanting(["a", "b"])}[aliases]\nx = "a"\n`],
];

test.each(QUIET)("what a client unloaded stays out when %s changes", async (_, after) => {
  await say(router, "/api/generate", { model: "a", keep_alive: 0 });
  await untilStates(router, "gpu", ["unloaded", "loaded"]);
  await change(router, after());
  await looksPass(engine);
  expect([await untilStates(router, "gpu", ["unloaded", "loaded"]), engine.memory()]).toEqual([
    ["unloaded", "loaded"],
    ["b:latest"],
  ]);
  expect(models()).toEqual(["a", "b", "a"]);
});

test("a name that is removed is shown no more, and not loaded again", async () => {
  await change(router, wanting(["b"]));
  await untilStates(router, "gpu", ["loaded"]);
  engine.drop();
  await eventually(engine.memory, (memory) => memory.length === 1);
  await looksPass(engine);
  expect([models(), engine.memory()]).toEqual([["a", "b", "b"], ["b:latest"]]);
  await change(router, wanting([], "weight = 2"));
  expect(await preloads(router, "gpu")).toEqual([]);
});

test("what was about to be asked for again is not, once nobody wants it", async () => {
  await using short = warmOllama(["m"]);
  const settings = (preload: readonly string[]): string =>
    warmToml({ gpu: { engine: short, preload, more: 'keep_alive = "2s"' } });
  await using other = await warmRouter({ gpu: { engine: short, preload: ["m"], more: 'keep_alive = "2s"' } });
  await untilStates(other, "gpu", ["loaded"]);
  await change(other, settings([]));
  await eventually(short.memory, (memory) => memory.length === 0);
  expect(short.calls).toHaveLength(1);
});

test("nor is what a backend had that is removed, and the log is silent about it", async () => {
  await using short = warmOllama(["m"]);
  await using other = await warmRouter({ gpu: { engine: short, preload: ["m"], more: 'keep_alive = "2s"' } });
  await untilStates(other, "gpu", ["loaded"]);
  await change(other, NO_ENGINE);
  await eventually(short.memory, (memory) => memory.length === 0);
  expect(short.calls).toHaveLength(1);
  expect(other.log.text).not.toContain("not preloaded");
});

test("a load that goes on is given up for a backend with other settings, and begun anew after that", async () => {
  const release = engine.hold("c");
  await change(router, wanting(["c", "a"]));
  await untilStates(router, "gpu", ["loading", "loaded"]);
  for (const weight of [2, 3, 4]) await change(router, wanting(["c", "a"], `weight = ${weight}`));
  await untilStates(router, "gpu", ["loading", "loaded"]);
  release();
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  const loads = engine.calls.filter(({ model }) => model === "c:latest");
  expect(loads.map(({ isGivenUp }) => isGivenUp)).toEqual([...loads.slice(1).map(() => true), false]);
});

test("a load that goes on goes on where its backend stays as it is", async () => {
  const release = engine.hold("c");
  await change(router, wanting(["c", "a"]));
  await untilStates(router, "gpu", ["loading", "loaded"]);
  await change(router, `${wanting(["c", "a"])}[aliases]\nx = "a"\n`);
  release();
  await untilStates(router, "gpu", ["loaded", "loaded"]);
  expect(models()).toEqual(["a", "b", "c"]);
});

test("a backend by another name goes on with what its engine has", async () => {
  await say(router, "/api/generate", { model: "a", keep_alive: 0 });
  await change(router, wanting(["a", "b"], "", "renamed"));
  await looksPass(engine);
  expect(await untilStates(router, "renamed", ["unloaded", "loaded"])).toBeArray();
  expect(models()).toEqual(["a", "b", "a"]);
});

test("an alias that is added makes a missing name found", async () => {
  await change(router, wanting(["x"]));
  await untilStates(router, "gpu", ["missing"]);
  await change(router, `${wanting(["x"])}[aliases]\nx = "c"\n`);
  await untilStates(router, "gpu", ["loaded"]);
  expect(models()).toEqual(["a", "b", "c"]);
});
