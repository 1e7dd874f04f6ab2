/** Real calls to an engine, by a clock that only the test moves: when they are made, and what is told of them. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import type { Backend } from "../../src/fleet/backend.ts";
import { Looks } from "../../src/fleet/looks.ts";
import { Preloads } from "../../src/fleet/preloads.ts";
import { Traffic } from "../../src/traffic/traffic.ts";
import { eventually } from "../support/eventually.ts";
import { backendAt } from "../support/fake-engine.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { type WarmOllama, warmOllama } from "../support/warm-ollama.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const MINUTE_MS = 60_000;

let clock: VirtualClock;
let engine: WarmOllama;
let backend: Backend;
let looks: Looks;
let preloads: Preloads;
let told: string[];

beforeEach(() => {
  clock = new VirtualClock();
  const sinceMs = Date.now();
  engine = warmOllama(["m", "n"], { now: () => sinceMs + clock.now() });
  const traffic = new Traffic({ clock, random: () => 0.5 });
  looks = new Looks(Date.now, traffic);
  told = [];
  backend = backendAt(engine.url, { engine: "ollama", preload: ["m"], probeIntervalMs: 3_600_000 });
  preloads = new Preloads({
    looks,
    traffic,
    isInUse: () => true,
    wishOf: (name, { stock }) => {
      const model = stock.models.find(({ id }) => id === `${name}:latest`);
      return model && { model, values: {} };
    },
    watcher: (_, { name, condition, why }) => told.push(`${name} ${condition} ${why}`.trimEnd()),
  });
});

afterEach(async () => {
  looks.stop();
  await engine[Symbol.asyncDispose]();
});

function until(condition: string): Promise<unknown> {
  return eventually(
    () => preloads.of(backend).map((preload) => preload.condition),
    ([seen]) => seen === condition,
  );
}

/** Resolves once the engine was called so often, and the next time is settled. */
async function untilCalls(count: number): Promise<void> {
  await eventually(
    () => [engine.calls.length, clock.pending],
    ([calls, pending]) => calls === count && pending === 1,
  );
}

test("what failed is tried again after a minute, not before, and told once", async () => {
  engine.fail("m", "no room");
  await looks.begin(backend);
  await until("failed");
  for (const [passMs, calls] of [
    [MINUTE_MS - 1, 1],
    [1, 2],
    [MINUTE_MS - 1, 2],
    [1, 3],
  ] as const) {
    clock.advance(passMs);
    await looks.refresh(backend);
    await until("failed");
    expect(engine.calls).toHaveLength(calls);
  }
  expect(told).toEqual(["m failed no room"]);
  engine.fail("m", undefined);
  clock.advance(MINUTE_MS);
  await looks.refresh(backend);
  await until("loaded");
  expect(told).toEqual(["m failed no room", "m loaded"]);
});

test("what fails otherwise is news", async () => {
  engine.fail("m", "no room");
  await looks.begin(backend);
  await until("failed");
  engine.fail("m", "still none");
  clock.advance(MINUTE_MS);
  await looks.refresh(backend);
  await eventually(
    () => told,
    (seen) => seen.length === 2,
  );
  expect(told).toEqual(["m failed no room", "m failed still none"]);
});

test("whoever refuses to keep a model is asked again while there is time, and told of once", async () => {
  await looks.begin(backend);
  await until("loaded");
  engine.fail("m", "server busy");
  clock.advance(4.5 * MINUTE_MS);
  await untilCalls(2);
  expect(told).toEqual(["m loaded", "m loaded server busy"]);
  clock.advance(16_000);
  await untilCalls(3);
  engine.fail("m", undefined);
  clock.advance(8000);
  await untilCalls(4);
  expect(told).toHaveLength(2);
  await looks.refresh(backend);
  expect(preloads.of(backend)).toMatchObject([{ condition: "loaded", why: "" }]);
  clock.advance(4 * MINUTE_MS);
  expect([engine.calls.length, engine.expired, engine.memory()]).toEqual([4, [], ["m:latest"]]);
});

test("of backends without anything to keep nothing is known", async () => {
  const plain = backendAt(engine.url, { engine: "ollama" });
  await looks.begin(plain);
  preloads.asked(plain, "m:latest");
  preloads.unloaded(plain, "m:latest");
  expect([preloads.of(plain), engine.calls]).toEqual([[], []]);
});
