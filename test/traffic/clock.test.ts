/** Alarms of the real clock ring once, not before their time, and not at all once they are cancelled, however many there are. */

import { expect, test } from "bun:test";
import { join } from "node:path";

import { SystemClock } from "../../src/traffic/clock.ts";
import { within } from "../support/deadline.ts";
import { Random } from "../support/random.ts";

const SOON_MS = 20_000;

/** Resolves when an alarm at this time has rung: by then, every other that was due has. */
function passed(clock: SystemClock, atMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.alarm(atMs, resolve);
  return within(SOON_MS, promise);
}

test("an alarm rings once, not before its time", async () => {
  const clock = new SystemClock();
  const atMs = clock.now() + 30;
  const rangAtMs: number[] = [];
  clock.alarm(atMs, () => rangAtMs.push(clock.now()));
  await passed(clock, atMs + 40);
  expect(rangAtMs).toHaveLength(1);
  expect(rangAtMs[0]).toBeGreaterThanOrEqual(atMs);
});

test("one whose time has passed already rings soon, and not before whoever set it has gone on", async () => {
  const clock = new SystemClock();
  const { promise, resolve } = Promise.withResolvers<string>();
  let said = "too soon";
  clock.alarm(clock.now() - 1000, () => resolve(said));
  said = "soon";
  expect(await within(SOON_MS, promise)).toBe("soon");
});

test("one that is put to a later time does not ring at the earlier", async () => {
  const clock = new SystemClock();
  const startMs = clock.now();
  const rangAtMs: number[] = [];
  const alarm = clock.alarm(startMs + 20, () => rangAtMs.push(clock.now()));
  alarm.put(startMs + 80);
  await passed(clock, startMs + 120);
  expect(rangAtMs).toHaveLength(1);
  expect(rangAtMs[0]).toBeGreaterThanOrEqual(startMs + 80);
});

test("one that is put to an earlier time rings then", async () => {
  const clock = new SystemClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  const alarm = clock.alarm(clock.now() + 3_600_000, resolve);
  alarm.put(clock.now() + 20);
  await within(SOON_MS, promise);
});

test("one that has rung rings again when it is put to another time, also by itself", async () => {
  const clock = new SystemClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  let rings = 0;
  const alarm = clock.alarm(clock.now(), () => {
    rings++;
    if (rings < 3) alarm.put(clock.now() + 15);
    else resolve();
  });
  await within(SOON_MS, promise);
  alarm.put(clock.now());
  await passed(clock, clock.now() + 40);
  expect(rings).toBe(4);
});

test("one for no time at all does not ring until it is put to one", async () => {
  const clock = new SystemClock();
  const rings = { never: 0, paused: 0 };
  const never = clock.alarm(Infinity, () => rings.never++);
  const paused = clock.alarm(clock.now() + 20, () => rings.paused++);
  paused.put(Infinity);
  await passed(clock, clock.now() + 60);
  expect(rings).toEqual({ never: 0, paused: 0 });
  never.put(clock.now());
  paused.put(clock.now());
  await passed(clock, clock.now() + 40);
  expect(rings).toEqual({ never: 1, paused: 1 });
});

test("one that is cancelled never rings, whatever it is put to", async () => {
  const clock = new SystemClock();
  let rings = 0;
  const alarms = [0, 20, 40].map((inMs) => clock.alarm(clock.now() + inMs, () => rings++));
  for (const alarm of alarms) alarm.cancel();
  alarms[0]?.put(clock.now());
  alarms[1]?.cancel();
  await passed(clock, clock.now() + 80);
  expect(rings).toBe(0);
});

test("an alarm may set others, before and behind those that are set", async () => {
  const clock = new SystemClock();
  const { promise, resolve } = Promise.withResolvers<void>();
  const rang: string[] = [];
  clock.alarm(clock.now(), () => {
    clock.alarm(clock.now() + 120, resolve);
    clock.alarm(clock.now() + 30, () => rang.push("second"));
    rang.push("first");
  });
  clock.alarm(clock.now() + 60, () => rang.push("set before"));
  await within(SOON_MS, promise);
  expect(rang.toSorted()).toEqual(["first", "second", "set before"]);
});

test("of thousands of alarms each that is not cancelled rings once, none before its time", async () => {
  const clock = new SystemClock();
  const random = new Random(1);
  const startMs = clock.now();
  const alarms = random.list(10_000, () => {
    const alarm = { atMs: startMs + random.below(200), rings: 0, isEarly: false };
    const set = clock.alarm(alarm.atMs, () => {
      alarm.rings++;
      alarm.isEarly ||= clock.now() < alarm.atMs;
    });
    const becomes = random.pick(["as it is", "moved", "cancelled", "paused"]);
    if (becomes === "moved") set.put((alarm.atMs = startMs + random.below(300)));
    if (becomes === "cancelled") set.cancel();
    if (becomes === "paused") set.put(Infinity);
    return { alarm, isDue: becomes === "as it is" || becomes === "moved" };
  });
  await passed(clock, startMs + 320);
  expect(alarms.filter(({ isDue }) => isDue).length).toBeGreaterThan(4000);
  const wrong = alarms.filter(({ alarm, isDue }) => alarm.rings !== Number(isDue) || alarm.isEarly);
  expect(wrong).toEqual([]);
});

test("nobody is kept waiting for the alarms of a process that has nothing else to do", async () => {
  const clock = join(import.meta.dir, "..", "..", "src", "traffic", "clock.ts");
  const code = `const { SystemClock } = await import(${JSON.stringify(clock)});
    const clock = new SystemClock();
    clock.alarm(clock.now() + 3_600_000, () => {});
    console.log("set");`;
  await using child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stderr: "inherit" });
  expect(await within(SOON_MS, child.stdout.text())).toBe("set\n");
  expect(await within(SOON_MS, child.exited)).toBe(0);
});
