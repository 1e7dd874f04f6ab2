/** A place at a backend is given back once, and what its request found out is known to all at once. */

import { describe, expect, test } from "bun:test";

import type { Verdict } from "../../src/traffic/slot.ts";
import { TrafficStage } from "../support/traffic-stage.ts";

describe("a place", () => {
  test("counts from when it is taken until its request ends", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    const slots = [stage.traffic.take(a), stage.traffic.take(a)];
    expect(a.duty.inflight).toBe(2);
    slots[0]?.end("good");
    expect(a.duty.inflight).toBe(1);
    slots[1]?.end("neither");
    expect(a.duty.inflight).toBe(0);
  });

  test("is given back once, whatever is said of its request later", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    const [slot, other] = [stage.traffic.take(a), stage.traffic.take(a)];
    slot.end("neither");
    const after = { breaker: a.duty.breaker, load: a.duty.load(1, 0) };
    for (const verdict of ["answer", "connection", "good", "neither"] as const) slot.end(verdict);
    slot.answered();
    slot.connected();
    expect({ breaker: a.duty.breaker, load: a.duty.load(1, 0) }).toEqual(after);
    expect(a.duty.inflight).toBe(1);
    other.end("good");
    expect(a.duty.inflight).toBe(0);
  });

  test.each(["good", "answer", "connection", "neither"] as const)(
    "is free for whoever waits at once, when its request ends: %s",
    (verdict) => {
      const stage = new TrafficStage();
      const a = stage.party("a", { limits: { maxInflight: 1, failures: 9 } });
      const slot = stage.traffic.take(a);
      const seen: string[] = [];
      const waiter = {
        line: "",
        kind: "",
        claim: () => seen.push(stage.kind(a)) > 0 || Infinity,
        refuse: () => seen.push("refused"),
      };
      stage.traffic.queue.join(waiter, { size: 1, timeoutMs: 1000 }, Infinity);
      expect(stage.kind(a)).toBe("full");
      slot.end(verdict);
      expect(seen).toEqual(["ready"]);
    },
  );

  test("goes on for a backend whose settings have changed meanwhile", () => {
    const stage = new TrafficStage();
    const before = stage.party("a", { limits: { maxInflight: 1 } });
    const slot = stage.traffic.take(before);
    const after = { ...before, limits: { ...before.limits, maxInflight: 2 } };
    expect(stage.kind(after)).toBe("ready");
    stage.traffic.take(after);
    expect(stage.kind(after)).toBe("full");
    slot.end("good");
    expect([after.duty.inflight, stage.kind(after)]).toEqual([1, "ready"]);
  });
});

describe("a request", () => {
  test.each<[Verdict, number, number]>([
    ["answer", 1, 1],
    ["connection", 1, 1],
    ["neither", 0, 0],
    ["good", 0, 0],
  ])("that ends so counts as a failure and as load: %s", (verdict, failures, load) => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.traffic.take(a).end(verdict);
    expect([a.duty.breaker.failures, a.duty.load(1, stage.clock.now())]).toEqual([failures, load]);
  });

  test("that ends well makes up for failures before it, one whose client leaves for none", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    for (const [verdict, failures] of [
      ["answer", 1],
      ["answer", 2],
      ["neither", 2],
      ["good", 0],
    ] as const) {
      stage.traffic.take(a).end(verdict);
      expect(a.duty.breaker.failures).toBe(failures);
    }
  });

  test("shows with its bytes that the backend is alive", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    const slot = stage.traffic.take(a);
    expect(a.duty.aliveAtMs).toBe(-Infinity);
    slot.connected();
    expect(a.duty.aliveAtMs).toBe(-Infinity);
    stage.clock.advance(10);
    slot.answered();
    expect(a.duty.aliveAtMs).toBe(10);
    stage.clock.advance(10);
    slot.alive();
    expect(a.duty.aliveAtMs).toBe(20);
  });

  test("is told for how long a backend rests, and the longest rest holds", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    const [first, second] = [stage.traffic.take(a), stage.traffic.take(a)];
    first.rest(1000);
    first.end("neither");
    stage.clock.advance(100);
    second.rest(200);
    second.end("neither");
    expect(stage.traffic.availability(a, stage.clock.now())).toEqual({ kind: "resting", untilMs: 1000 });
    stage.clock.advance(900);
    expect(stage.kind(a)).toBe("ready");
    expect(a.duty.breaker.failures).toBe(0);
  });
});
