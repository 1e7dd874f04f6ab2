/** The backends of another configuration: those that stay as they are, and new ones that know what was known. */

import { describe, expect, test } from "bun:test";

import type { BackendSettings } from "../../src/config/config.ts";
import { engineNamed } from "../../src/engines/detect.ts";
import { modelOf } from "../../src/engines/model.ts";
import type { Backend } from "../../src/fleet/backend.ts";
import { backendsOf } from "../../src/fleet/successor.ts";
import { stocked } from "../support/stocked.ts";

const HERE = "http://127.0.0.1:1";
const THERE = "http://127.0.0.1:2";

/** The one backend of a configuration of one. */
function backendOf(settings: BackendSettings, before: readonly Backend[]): Backend {
  const [backend] = backendsOf([settings], before, []);
  if (backend === undefined) throw new Error("There is none");
  return backend;
}

/** The backend that follows `before` when its settings are these. */
function after(before: Backend, settings: Partial<BackendSettings>): Backend {
  return backendOf({ ...before.settings, ...settings }, [before]);
}

function modelsOf(backend: Backend): string[] {
  return backend.stock.models.map(({ id }) => id);
}

/** One whose owner did not say what it is, and that was found out. */
function foundOut(): Backend {
  const backend = stocked("a", ["m"], { engine: undefined });
  backend.engine = engineNamed("ollama");
  backend.unsure = false;
  return backend;
}

test("settings that are the same have the very same backend, wherever it stands", () => {
  const others = [stocked("b", []), stocked("a", ["m"]), stocked("c", [])];
  const settings = structuredClone(stocked("a", []).settings);
  expect(others.indexOf(backendOf(settings, others))).toBe(1);
});

test.each<Partial<BackendSettings>>([
  { name: "b" },
  { priority: 1 },
  { key: "k" },
  { exclude: ["x"] },
  { probeIntervalMs: 1 },
  { probeTimeoutMs: 1 },
  { presumed: true },
])("%j makes another one that has what was seen, and new connections", (settings) => {
  const before = stocked("a", ["m"]);
  before.router = "x";
  const one = after(before, settings);
  expect(one).not.toBe(before);
  expect(one.session).not.toBe(before.session);
  expect(one.stock).toEqual(before.stock);
  expect([one.engine, one.router, one.reached]).toEqual([before.engine, "x", true]);
});

test("a model keeps the time it was first seen", () => {
  const before = stocked("a", ["m"]);
  before.restock({ models: [modelOf("m"), modelOf("n")], version: undefined }, 5000);
  const times = after(before, { priority: 1 }).stock.models.map(({ seenAtMs }) => seenAtMs);
  expect(times).toEqual([0, 5000]);
});

test("what is not offered any more is gone at once", () => {
  const before = stocked("a", ["m", "n"]);
  expect(modelsOf(after(before, { exclude: ["n"] }))).toEqual(["m"]);
  expect(modelsOf(after(before, { include: ["n"] }))).toEqual(["n"]);
});

test("one that was down stays down, and says why", () => {
  const before = stocked("a", ["m"]);
  before.lose("connection refused");
  expect(after(before, { priority: 1 }).stock).toMatchObject({ up: false, trouble: "connection refused" });
});

test("at another address nothing is known", () => {
  const one = after(stocked("a", ["m"]), { origin: THERE });
  expect([one.stock.up, one.reached, modelsOf(one)]).toEqual([false, false, []]);
});

describe("what kind of engine it is", () => {
  test("may be left out: it is looked for again, and until then it is what it was", () => {
    const one = after(stocked("a", ["m"], { engine: "vllm" }), { engine: undefined });
    expect([one.engine?.name, one.unsure, one.stock.up]).toEqual(["vllm", true, true]);
  });

  test("may be said by its owner as it was found out", () => {
    const one = after(foundOut(), { engine: "ollama" });
    expect([one.engine?.name, one.unsure, one.stock.up]).toEqual(["ollama", false, true]);
  });

  test("may be said otherwise: then nothing is known", () => {
    const one = after(foundOut(), { engine: "vllm" });
    expect([one.engine?.name, one.unsure, one.stock.up]).toEqual(["vllm", false, false]);
  });

  test("is not looked for again when something else changes", () => {
    const one = after(foundOut(), { priority: 1 });
    expect([one.engine?.name, one.unsure]).toEqual(["ollama", false]);
  });
});

describe("among several", () => {
  const a = (): Backend => stocked("a", ["of-a"], { origin: HERE });
  const b = (): Backend => stocked("b", ["of-b"], { origin: THERE });

  test("what is known belongs to the address, not to the name", () => {
    const before = [a(), b()];
    const [first, second] = before.map(({ settings }) => settings.origin);
    const swapped = [
      { ...a().settings, origin: String(second) },
      { ...b().settings, origin: String(first) },
    ].map((settings) => backendOf(settings, before));
    expect(swapped.map(modelsOf)).toEqual([["of-b"], ["of-a"]]);
  });

  test("of one address the one of the same name is followed", () => {
    const second = stocked("b", ["of-b"]);
    const before = [stocked("a", ["of-a"]), second];
    expect(modelsOf(backendOf({ ...second.settings, priority: 1 }, before))).toEqual(["of-b"]);
  });
});

describe("what an engine is doing", () => {
  const settingsOf = (name: string): BackendSettings => stocked(name, []).settings;

  test.each<[string, string[], string[], string[], string[]]>([
    ["goes on under the same name", ["a"], [], ["a"], ["a"]],
    ["goes on under another name", ["a"], [], ["b"], ["a"]],
    ["is a second backend's none of the first's", ["a"], [], ["a", "b"], ["a", "none"]],
    ["goes on where its backend was taken out and is back", [], ["a"], ["a"], ["a"]],
  ])("%s", (_, before, parting, now, expected) => {
    const was = [...before, ...parting].map((name) => stocked(name, ["m"], { priority: 7 }));
    const after = backendsOf(now.map(settingsOf), was.slice(0, before.length), was.slice(before.length));
    expect(after.map(({ duty }) => was.find((one) => one.duty === duty)?.name ?? "none")).toEqual(expected);
  });
});
