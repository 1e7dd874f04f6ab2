/** Whoever waits is asked again when a place may have become free by itself, and is told when its time is over. */

import { describe, expect, test } from "bun:test";

import { QueueStage } from "../support/waiters.ts";

describe("whoever waits", () => {
  test("is told when its time is over, each by its own", () => {
    const stage = new QueueStage();
    stage.join("ann", { limits: { timeoutMs: 500 } });
    stage.clock.advance(100);
    stage.join("bob", { limits: { timeoutMs: 500 } });
    stage.join("cyd", { limits: { timeoutMs: 50 } });
    stage.clock.advance(10_000);
    expect(stage.diary).toEqual(["cyd timeout at 150", "ann timeout at 500", "bob timeout at 600"]);
    expect(stage.queue.size).toBe(0);
  });

  test("is not told once it has a place, or has left, and keeps no alarm", () => {
    const stage = new QueueStage();
    stage.join("ann");
    stage.join("bob")();
    stage.serve("x");
    expect(stage.clock.pending).toBe(0);
    stage.clock.advance(10_000);
    expect(stage.diary).toEqual(["ann got x at 0"]);
  });

  test("for no time at all is told at once", () => {
    const stage = new QueueStage();
    stage.join("ann", { limits: { timeoutMs: 0 } });
    stage.clock.advance(0);
    expect(stage.diary).toEqual(["ann timeout at 0"]);
  });
});

describe("when a place may be free though nothing happens", () => {
  test("those who wait are asked at that time, and at the next that they name", () => {
    const stage = new QueueStage();
    stage.join("ann", { wakesAtMs: [100, 250, 600] });
    for (const ms of [99, 1, 149, 1, 349]) stage.clock.advance(ms);
    expect(stage.asked).toEqual(["ann", "ann"]);
    stage.free.push("x");
    stage.clock.advance(1);
    expect(stage.diary).toEqual(["ann got x at 600"]);
    stage.clock.advance(10_000);
    expect(stage.asked).toHaveLength(3);
  });

  test.each([
    ["first", 100, 300],
    ["last", 300, 100],
  ])("the earliest time counts, also of one that came %s", (_, annMs, bobMs) => {
    const stage = new QueueStage();
    stage.join("ann", { wakesAtMs: [annMs] });
    stage.join("bob", { wakesAtMs: [bobMs] });
    stage.free.push("x");
    stage.clock.advance(99);
    expect(stage.asked).toEqual([]);
    stage.clock.advance(1);
    expect(stage.diary).toEqual(["ann got x at 100"]);
  });

  test("all are asked, the one that came first before the one that named the time", () => {
    const stage = new QueueStage();
    stage.join("ann");
    stage.join("bob", { wakesAtMs: [100] });
    stage.free.push("x");
    stage.clock.advance(100);
    expect(stage.diary).toEqual(["ann got x at 100"]);
  });

  test("a time that is put off is heard of when whoever waits is asked", () => {
    const stage = new QueueStage();
    const wakesAtMs = [100];
    stage.join("ann", { wakesAtMs });
    wakesAtMs[0] = 400;
    stage.serve();
    stage.clock.advance(399);
    const before = stage.asked.length;
    stage.clock.advance(1);
    expect(stage.asked.length).toBe(before + 1);
  });

  test("nobody is asked again and again when there is nobody left to ask", () => {
    const stage = new QueueStage();
    stage.join("ann", { wakesAtMs: [10, 20, 30] })();
    stage.clock.advance(10_000);
    expect(stage.asked).toEqual([]);
    expect(stage.clock.pending).toBe(0);
  });
});
