/** A backend is drained until its time is over or its owner says so, and is told of once when it is back. */

import { beforeEach, expect, test } from "bun:test";

import { Drains } from "../../src/traffic/drains.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

let clock: VirtualClock;
let drains: Drains;
/** Those that came back, and when. */
let back: string[];

beforeEach(() => {
  clock = new VirtualClock();
  clock.advance(1000);
  back = [];
  drains = new Drains(clock, (name) => back.push(`${name} at ${clock.now()}`));
});

test("whoever was not drained is not, and does not come back", () => {
  expect(drains.untilMs("a")).toBeUndefined();
  expect(drains.resume("a")).toBe(false);
  expect(back).toEqual([]);
});

test("without a time it is drained until it is resumed", () => {
  drains.drain("a");
  expect(drains.untilMs("a")).toBe(Infinity);
  clock.advance(1e12);
  expect(drains.untilMs("a")).toBe(Infinity);
  expect(drains.resume("a")).toBe(true);
  expect(drains.untilMs("a")).toBeUndefined();
  expect(drains.resume("a")).toBe(false);
  expect(back).toEqual(["a at 1000000001000"]);
});

test("with a time it comes back by itself, once", () => {
  drains.drain("a", 500);
  expect(drains.untilMs("a")).toBe(1500);
  clock.advance(499);
  expect(drains.untilMs("a")).toBe(1500);
  clock.advance(1);
  expect(drains.untilMs("a")).toBeUndefined();
  clock.advance(10_000);
  expect(back).toEqual(["a at 1500"]);
});

test("when it is resumed before its time, it does not come back a second time", () => {
  drains.drain("a", 500);
  clock.advance(100);
  expect(drains.resume("a")).toBe(true);
  clock.advance(10_000);
  expect(back).toEqual(["a at 1100"]);
  expect(clock.pending).toBe(0);
});

test.each<[string, number, number, number | undefined]>([
  ["longer", 500, 800, 1900],
  ["shorter", 800, 500, 1600],
  ["for good", 500, Infinity, undefined],
  ["for a time", Infinity, 500, 1600],
])("the last word holds: %s", (_, firstMs, secondMs, backMs) => {
  drains.drain("a", firstMs);
  clock.advance(100);
  drains.drain("a", secondMs);
  expect(drains.untilMs("a")).toBe(1100 + secondMs);
  clock.advance(10_000);
  expect(back).toEqual(backMs === undefined ? [] : [`a at ${backMs}`]);
  expect(drains.untilMs("a")).toBe(backMs === undefined ? Infinity : undefined);
});

test("one that comes back may be drained again", () => {
  drains.drain("a", 500);
  clock.advance(500);
  drains.drain("a", 300);
  expect(drains.untilMs("a")).toBe(1800);
  clock.advance(300);
  expect(back).toEqual(["a at 1500", "a at 1800"]);
});

test("each name stands for itself", () => {
  drains.drain("a", 500);
  drains.drain("A", 300);
  drains.drain("__proto__");
  expect(drains.untilMs("toString")).toBeUndefined();
  clock.advance(400);
  expect(["a", "A", "__proto__"].map((name) => drains.untilMs(name))).toEqual([1500, undefined, Infinity]);
  drains.resume("__proto__");
  clock.advance(400);
  expect(back).toEqual(["A at 1300", "__proto__ at 1400", "a at 1500"]);
});
