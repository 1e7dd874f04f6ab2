/** Limits over all backends, drains, probes, and calls that are no work for an engine. */

import { describe, expect, test } from "bun:test";

import { TrafficStage } from "../support/traffic-stage.ts";

describe("requests over all backends", () => {
  test("are no more than they may be, and one that ends lets another in anywhere", () => {
    const stage = new TrafficStage(2);
    const [a, b] = [stage.party("a"), stage.party("b")];
    const slot = stage.traffic.take(a);
    expect([stage.kind(a), stage.kind(b)]).toEqual(["ready", "ready"]);
    stage.traffic.take(b);
    expect([stage.kind(a), stage.kind(b)]).toEqual(["full", "full"]);
    slot.end("good");
    slot.end("good");
    expect([stage.kind(a), stage.kind(b)]).toEqual(["ready", "ready"]);
    stage.traffic.take(b);
    expect([stage.kind(a), stage.kind(b)]).toEqual(["full", "full"]);
  });

  test("are as many as come where nothing is said", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    for (let one = 0; one < 10_000; one++) stage.traffic.take(a);
    expect(stage.kind(a)).toBe("ready");
  });

  test("do not hide what else is in the way of one", () => {
    const stage = new TrafficStage(4);
    const a = stage.party("a");
    stage.open(a);
    for (let one = 0; one < 4; one++) stage.traffic.take(stage.party("b"));
    expect(stage.kind(a)).toBe("open");
  });
});

describe("a drained backend", () => {
  test("gets nothing, whatever else is in its way, and is back when it is resumed", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.open(a);
    stage.traffic.drains.drain("a");
    expect(stage.traffic.availability(a, 0)).toEqual({ kind: "drained", untilMs: Infinity });
    expect(stage.kind(stage.party("b"))).toBe("ready");
    stage.clock.advance(1000);
    stage.traffic.drains.resume("a");
    expect(stage.kind(a)).toBe("ready");
    expect(stage.news).toEqual(["a open until 1000", "a resumed"]);
  });

  test.each<[string, (stage: TrafficStage) => void]>([
    ["is resumed", ({ traffic }) => traffic.drains.resume("a")],
    ["has been drained for long enough", ({ clock }) => clock.advance(500)],
  ])("lets those in who wait for it when it %s", (_, end) => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.traffic.drains.drain("a", 500);
    let isServed = false;
    const claim = (): true | number => (stage.kind(a) === "ready" ? (isServed = true) : Infinity);
    stage.traffic.queue.join(
      { line: "", kind: "", claim, refuse: () => {} },
      { size: 1, timeoutMs: 60_000 },
      Infinity,
    );
    stage.traffic.queue.serve();
    expect(isServed).toBe(false);
    end(stage);
    expect(isServed).toBe(true);
    expect(stage.news).toEqual(["a resumed"]);
  });

  test("finishes what it is doing", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    const slot = stage.traffic.take(a);
    stage.traffic.drains.drain("a");
    slot.answered();
    expect(a.duty.inflight).toBe(1);
    slot.end("good");
    expect([a.duty.inflight, stage.kind(a)]).toEqual([0, "drained"]);
  });
});

describe("probes", () => {
  test("keep requests away from a backend that does not answer them, until one of them does", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    for (let one = 0; one < 3; one++) stage.traffic.probed(a, false);
    expect(stage.kind(a)).toBe("open");
    stage.clock.advance(10);
    stage.traffic.probed(a, true);
    expect(stage.kind(a)).toBe("ready");
    stage.traffic.take(a);
    expect(stage.kind(a)).toBe("on trial");
    expect(stage.news).toEqual(["a open until 1000", "a open until 10"]);
  });

  test("say nothing of a backend that lists its models and serves none", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.open(a);
    for (let one = 0; one < 10; one++) stage.traffic.probed(a, true);
    expect(stage.kind(a)).toBe("open");
    expect(stage.news).toEqual(["a open until 1000"]);
  });

  test("count as no request and as no load", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.traffic.probed(a, false);
    expect([a.duty.inflight, a.duty.load(1, 0), a.duty.turn]).toEqual([0, 0, 0]);
  });
});

describe("a call about models", () => {
  test("takes nobody's place, and nobody's turn", () => {
    const stage = new TrafficStage(1);
    const a = stage.party("a", { limits: { maxInflight: 1 } });
    const slots = [stage.traffic.visit(a), stage.traffic.visit(a)];
    expect([a.duty.inflight, a.duty.turn, stage.kind(a)]).toEqual([0, 0, "ready"]);
    for (const slot of slots) slot.end("good");
    expect([a.duty.inflight, stage.kind(a)]).toEqual([0, "ready"]);
  });

  test("tells whether the backend can be reached, and nothing of its work", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.traffic.visit(a).end("answer");
    expect(a.duty.breaker.failures).toBe(0);
    stage.traffic.visit(a).end("connection");
    expect(a.duty.breaker.failures).toBe(1);
    stage.traffic.visit(a).end("good");
    expect(a.duty.breaker.failures).toBe(0);
    stage.traffic.take(a).end("answer");
    stage.traffic.visit(a).end("good");
    expect(a.duty.breaker.failures).toBe(1);
    for (let one = 0; one < 2; one++) stage.traffic.visit(a).end("connection");
    expect(stage.kind(a)).toBe("open");
  });

  test("is not the one that tries", () => {
    const stage = new TrafficStage();
    const a = stage.party("a");
    stage.open(a);
    stage.clock.advance(1000);
    const visit = stage.traffic.visit(a);
    expect(stage.kind(a)).toBe("ready");
    const slot = stage.traffic.take(a);
    visit.answered();
    visit.end("good");
    expect(stage.kind(a)).toBe("on trial");
    slot.end("good");
    expect(stage.kind(a)).toBe("ready");
  });
});
