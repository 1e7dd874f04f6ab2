/** Whoever came first is served first, as far as what is free can serve them; nobody waits for too long, or in too long a line. */

import { describe, expect, test } from "bun:test";

import { QueueStage } from "../support/waiters.ts";

describe("a place that is free", () => {
  test("goes to the one that came first", () => {
    const stage = new QueueStage();
    for (const name of ["ann", "bob", "cyd"]) stage.join(name);
    for (let turn = 0; turn < 3; turn++) {
      stage.clock.advance(10);
      stage.serve("x");
    }
    expect(stage.diary).toEqual(["ann got x at 10", "bob got x at 20", "cyd got x at 30"]);
    expect(stage.queue.size).toBe(0);
  });

  test("goes to the one that came first of those that can use it, of whatever line", () => {
    const stage = new QueueStage();
    stage.join("ann", { line: "1", wants: ["x"] });
    stage.join("bob", { line: "2", wants: ["y"] });
    stage.join("cyd", { line: "1", wants: ["x", "y"] });
    stage.join("dan", { line: "2", wants: ["y"] });
    stage.serve("y");
    stage.serve("y");
    stage.serve("x", "y");
    expect(stage.diary).toEqual(["bob got y at 0", "cyd got y at 0", "ann got x at 0", "dan got y at 0"]);
  });

  test("goes to one alone; several are handed out at once", () => {
    const stage = new QueueStage();
    for (const name of ["ann", "bob", "cyd"]) stage.join(name);
    stage.serve("x", "x");
    expect(stage.diary).toEqual(["ann got x at 0", "bob got x at 0"]);
    expect(stage.queue.size).toBe(1);
  });

  test("stays free where nobody waits", () => {
    const stage = new QueueStage();
    stage.serve("x");
    expect(stage.free).toEqual(["x"]);
    stage.join("ann");
    // whoever joins has looked before
    expect([...stage.asked, ...stage.diary]).toEqual([]);
    stage.serve();
    expect(stage.diary).toEqual(["ann got x at 0"]);
  });

  test("is never offered to one that has a place, or has left", () => {
    const stage = new QueueStage();
    stage.join("ann");
    const leave = stage.join("bob");
    stage.serve("x");
    leave();
    stage.serve("x");
    stage.clock.advance(10_000);
    expect(stage.asked).toEqual(["ann", "bob"]);
    expect(stage.diary).toEqual(["ann got x at 0"]);
  });

  test("is not offered to one that leaves while another is asked", () => {
    const stage = new QueueStage();
    let leave = (): void => {};
    stage.join("ann", { wants: ["y"], asked: () => leave() });
    leave = stage.join("bob");
    stage.join("cyd");
    stage.serve("x");
    expect(stage.diary).toEqual(["cyd got x at 0"]);
    expect(stage.asked).toEqual(["ann", "cyd"]);
  });
});

describe("a line", () => {
  test("has a bound of its own, and turns away who comes when it is reached", () => {
    const stage = new QueueStage();
    const limits = { size: 2 };
    for (const name of ["ann", "bob", "cyd"]) stage.join(name, { limits });
    stage.join("dan", { line: "another", limits });
    expect(stage.diary).toEqual(["cyd full at 0"]);
    expect([
      stage.queue.lengthOf("line"),
      stage.queue.lengthOf("another"),
      stage.queue.lengthOf("none"),
    ]).toEqual([2, 1, 0]);
    stage.clock.advance(10_000);
    expect(stage.diary).toHaveLength(4);
  });

  test.each<[string, (stage: QueueStage, leave: () => void) => void]>([
    ["leaves", (_, leave) => leave()],
    ["is served", (stage) => stage.serve("x")],
    ["has waited for too long", (stage) => stage.clock.advance(1000)],
  ])("has a place again when one of it %s", (_, end) => {
    const stage = new QueueStage();
    const limits = { size: 1 };
    const leave = stage.join("ann", { limits });
    stage.join("bob", { limits });
    end(stage, leave);
    expect([stage.queue.size, stage.queue.lengthOf("line")]).toEqual([0, 0]);
    stage.join("cyd", { limits });
    expect(stage.diary.filter((entry) => entry.startsWith("cyd"))).toEqual([]);
    expect(stage.queue.lengthOf("line")).toBe(1);
  });

  test("that may have no length has nobody wait", () => {
    const stage = new QueueStage();
    stage.join("ann", { limits: { size: 0 } });
    expect(stage.diary).toEqual(["ann full at 0"]);
    expect(stage.clock.pending).toBe(0);
  });

  test("is not shortened by one that was turned away, or leaves twice", () => {
    const stage = new QueueStage();
    const limits = { size: 2 };
    const leaveAnn = stage.join("ann", { limits });
    stage.join("bob", { limits });
    const leaveCyd = stage.join("cyd", { limits });
    leaveCyd();
    expect(stage.queue.lengthOf("line")).toBe(2);
    leaveAnn();
    leaveAnn();
    expect([stage.queue.size, stage.queue.lengthOf("line")]).toEqual([1, 1]);
  });

  test("takes who comes by the bound that holds then", () => {
    const stage = new QueueStage();
    for (const name of ["ann", "bob"]) stage.join(name);
    stage.join("cyd", { limits: { size: 2 } });
    stage.join("dan", { limits: { size: 3 } });
    expect(stage.diary).toEqual(["cyd full at 0"]);
    expect(stage.queue.size).toBe(3);
  });
});
