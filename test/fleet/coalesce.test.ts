/** Work that many ask for at once is done few times, and never too early for anybody. */

import { expect, test } from "bun:test";

import { coalesce } from "../../src/fleet/coalesce.ts";
import { forSeedsInTurn } from "../support/random.ts";

/** Work that lasts until it is told to end. */
function work() {
  const runs: PromiseWithResolvers<void>[] = [];
  const ask = coalesce(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { runs, ask };
}

/** Lets everything happen that needs no more than promises. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("the first call begins the work at once", () => {
  const { runs, ask } = work();
  void ask();
  expect(runs).toHaveLength(1);
});

test("calls while it runs do not begin it again", async () => {
  const { runs, ask } = work();
  for (let call = 0; call < 100; call++) void ask();
  await settle();
  expect(runs).toHaveLength(1);
});

test("all of them share the next run, which begins when the first has ended", async () => {
  const { runs, ask } = work();
  void ask();
  const others = Array.from({ length: 100 }, () => ask());
  runs[0]?.resolve();
  await settle();
  expect(runs).toHaveLength(2);
  runs[1]?.resolve();
  await Promise.all(others);
  expect(runs).toHaveLength(2);
});

test("a call while it runs does not end with that run, which had begun before it", async () => {
  const { runs, ask } = work();
  void ask();
  let ended = false;
  void ask().then(() => {
    ended = true;
  });
  runs[0]?.resolve();
  await settle();
  expect(ended).toBe(false);
  runs[1]?.resolve();
  await settle();
  expect(ended).toBe(true);
});

test("when all is done the next call begins it again", async () => {
  const { runs, ask } = work();
  void ask();
  runs[0]?.resolve();
  await settle();
  void ask();
  expect(runs).toHaveLength(2);
});

test("whenever calls come, it runs once at a time, and every caller gets a run that began after the call", async () => {
  await forSeedsInTurn(3, async (random) => {
    let began = 0;
    let ended = 0;
    let mostAtOnce = 0;
    const ask = coalesce(async () => {
      began++;
      mostAtOnce = Math.max(mostAtOnce, began - ended);
      for (let turns = random.below(6); turns > 0; turns--) await settle();
      ended++;
    });
    const callers = random.list(300, async () => {
      for (let turns = random.below(300); turns > 0; turns--) await settle();
      const beganBefore = began;
      await ask();
      // runs end in the order they begin: one that began after the call has ended
      expect(ended).toBeGreaterThan(beganBefore);
    });
    await Promise.all(callers);
    expect(mostAtOnce).toBe(1);
    expect(began).toBeLessThan(callers.length);
  });
});

test("whenever a call comes, the work runs one at a time", async () => {
  for (let ticks = 0; ticks < 10; ticks++) {
    let active = 0;
    let mostAtOnce = 0;
    const gate = Promise.withResolvers<void>();
    const ask = coalesce(async () => {
      mostAtOnce = Math.max(mostAtOnce, ++active);
      await gate.promise;
      active--;
    });
    const calls = [ask(), ask()];
    gate.resolve();
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    calls.push(ask());
    await Promise.all(calls);
    expect([ticks, mostAtOnce]).toEqual([ticks, 1]);
  }
});
