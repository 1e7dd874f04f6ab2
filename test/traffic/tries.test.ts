/** Of a backend that has failed, one request at a time finds out whether it still does; the others go elsewhere or wait. */

import { expect, test } from "bun:test";

import type { Party } from "../../src/traffic/party.ts";
import type { Slot } from "../../src/traffic/slot.ts";
import { TrafficStage } from "../support/traffic-stage.ts";

interface Trying {
  readonly stage: TrafficStage;
  readonly a: Party;
  readonly slot: Slot;
}

/** A backend that has failed, and whose pause is over: one request is trying. */
function trying(what: "connection" | "answer" = "answer"): Trying {
  const stage = new TrafficStage();
  const a = stage.party("a");
  stage.open(a, what);
  stage.clock.advance(1000);
  return { stage, a, slot: stage.traffic.take(a) };
}

test("after failures in a row nothing goes there until the pause is over, and then one request", () => {
  const stage = new TrafficStage();
  const a = stage.party("a");
  stage.open(a);
  expect(stage.traffic.availability(a, 0)).toEqual({ kind: "open", untilMs: 1000 });
  stage.clock.advance(999);
  expect(stage.kind(a)).toBe("open");
  stage.clock.advance(1);
  expect(stage.kind(a)).toBe("ready");
  stage.traffic.take(a);
  expect(stage.kind(a)).toBe("on trial");
});

test("the first byte lets all in; one that breaks off then keeps them out again", () => {
  const { stage, a, slot } = trying();
  slot.answered();
  expect(stage.kind(a)).toBe("ready");
  slot.end("answer");
  expect(stage.traffic.availability(a, stage.clock.now())).toEqual({ kind: "open", untilMs: 3000 });
});

test.each([true, false])(
  "an answer that ends well makes all as new, its first byte seen before: %p",
  (isSeen) => {
    const { stage, a, slot } = trying();
    if (isSeen) slot.answered();
    slot.end("good");
    expect([stage.kind(a), a.duty.breaker.failures, a.duty.breaker.pauses]).toEqual(["ready", 0, 0]);
  },
);

test("one that fails keeps them out for longer", () => {
  const { stage, a, slot } = trying();
  slot.end("answer");
  expect(stage.traffic.availability(a, stage.clock.now())).toEqual({ kind: "open", untilMs: 3000 });
});

test("one whose client leaves lets another try, at once", () => {
  const { stage, a, slot } = trying();
  slot.end("neither");
  expect(stage.kind(a)).toBe("ready");
  stage.traffic.take(a);
  expect(stage.kind(a)).toBe("on trial");
});

test("a connection lets all in where nothing else had been missing, and nobody where something had", () => {
  const severed = trying("connection");
  severed.slot.connected();
  expect(severed.stage.kind(severed.a)).toBe("ready");
  const failing = trying("answer");
  failing.slot.connected();
  expect(failing.stage.kind(failing.a)).toBe("on trial");
});

test("once it has let all in, the request that tried is one as any other", () => {
  const { stage, a, slot } = trying("connection");
  slot.connected();
  stage.open(a);
  expect(stage.kind(a)).toBe("open");
  const { breaker } = a.duty;
  slot.answered();
  slot.end("good");
  expect(a.duty.breaker).toBe(breaker);
});

test("those that began before say nothing of how it is now", () => {
  const stage = new TrafficStage();
  const a = stage.party("a");
  const [early, late, last] = [stage.traffic.take(a), stage.traffic.take(a), stage.traffic.take(a)];
  stage.open(a);
  early.answered();
  early.end("good");
  expect(stage.kind(a)).toBe("open");
  late.end("answer");
  stage.clock.advance(1000);
  const slot = stage.traffic.take(a);
  last.end("good");
  expect(stage.kind(a)).toBe("on trial");
  slot.end("good");
  expect(stage.kind(a)).toBe("ready");
});

test("its owner is told when it is left alone, and when it is not any more", () => {
  const { stage, slot } = trying();
  expect(stage.news).toEqual(["a open until 1000"]);
  slot.end("answer");
  stage.clock.advance(2000);
  stage.next([stage.party("b")]).slot.end("good");
  expect(stage.news).toEqual(["a open until 1000", "a open until 3000"]);
  const { stage: other, slot: good } = trying();
  good.answered();
  good.end("good");
  expect(other.news).toEqual(["a open until 1000", "a closed"]);
});

test.each<["connected" | "answered" | "end"]>([["connected"], ["answered"], ["end"]])(
  "whoever waits for it is let in as soon as it is known that it works: %s",
  (what) => {
    const { stage, a, slot } = trying("connection");
    const seen: string[] = [];
    const claim = (): true | number => {
      if (stage.kind(a) !== "ready") return Infinity;
      seen.push("let in");
      stage.traffic.take(a);
      return true;
    };
    const limits = { size: 9, timeoutMs: 60_000 };
    for (const line of ["1", "2"])
      stage.traffic.queue.join({ line, kind: line, claim, refuse: () => {} }, limits, Infinity);
    expect(seen).toEqual([]);
    if (what === "end") slot.end("good");
    else slot[what]();
    expect(seen).toEqual(["let in", "let in"]);
  },
);
