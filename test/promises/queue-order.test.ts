/** Who finds every backend full waits, and whoever came first is served first. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, type Asked, labelOf, SOON_MS, untilWaiting } from "../support/asking.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { forSeedsInTurn } from "../support/random.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

// "m" is on the first alone, "n" on both
beforeEach(async () => {
  one = await rawBackend(["m", "n"], () => {});
  two = await rawBackend(["n"], () => {});
  router = await routerOver({
    one: { url: one.url, engine: "openai", max_inflight: 1 },
    two: { url: two.url, engine: "openai", max_inflight: 1 },
  });
});

afterEach(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

/** What is asked of the engine with this index, and then answered. */
async function serve(engine: RawBackend, index: number): Promise<string> {
  const talk = await within(SOON_MS, engine.talk(index));
  await talk.answer(200, FINE);
  return labelOf(talk);
}

/** Fills both backends, each with one request. */
async function fillBoth(): Promise<void> {
  ask(router, "runs on one", { model: "m" });
  await within(SOON_MS, one.talk(0));
  ask(router, "runs on two", { model: "n" });
  await within(SOON_MS, two.talk(0));
}

test("first come, first served, and one at a time where no more are allowed", async () => {
  const asked: Asked[] = [ask(router, "runs")];
  await within(SOON_MS, one.talk(0));
  const labels = ["first", "second", "third", "fourth"];
  for (const label of labels) asked.push(await askAndWait(router, label));
  for (const [index, label] of ["runs", ...labels].entries()) {
    expect(await serve(one, index)).toBe(label);
    // the next one comes when this one's answer is over, and nobody with it
    expect(one.talks.length).toBeLessThanOrEqual(index + 2);
  }
  const answers = await within(SOON_MS, Promise.all(asked.map(({ answer }) => answer)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

test("whoever comes when a place is free goes to it at once, and says so", async () => {
  const asked = ask(router);
  await serve(one, 0);
  expect((await within(SOON_MS, asked.answer)).headers.get("x-mellamo-queue-ms")).toBe("0");
});

test("who has waited is told for how long", async () => {
  ask(router, "runs");
  const running = await within(SOON_MS, one.talk(0));
  const { answer } = await askAndWait(router, "waits");
  const sinceMs = performance.now();
  await Bun.sleep(50);
  const waitedMs = performance.now() - sinceMs;
  await running.answer(200, FINE);
  await serve(one, 1);
  const told = Number((await within(SOON_MS, answer)).headers.get("x-mellamo-queue-ms"));
  expect(told).toBeGreaterThanOrEqual(Math.floor(waitedMs));
});

test("a place that gets free goes to the oldest of those whom it can serve", async () => {
  await fillBoth();
  await askAndWait(router, "only on one", { model: "m" });
  await askAndWait(router, "on either", { model: "n" });
  await askAndWait(router, "on either, later", { model: "n" });
  await askAndWait(router, "only on one, later", { model: "m" });

  await serve(two, 0);
  expect(labelOf(await within(SOON_MS, two.talk(1)))).toBe("on either");
  await serve(one, 0);
  expect(labelOf(await within(SOON_MS, one.talk(1)))).toBe("only on one");
  await serve(one, 1);
  expect(labelOf(await within(SOON_MS, one.talk(2)))).toBe("on either, later");
  await serve(one, 2);
  expect(await serve(one, 3)).toBe("only on one, later");
});

test("who waits for a model that is busy everywhere holds up nobody who wants another", async () => {
  ask(router, "runs", { model: "m" });
  await within(SOON_MS, one.talk(0));
  await askAndWait(router, "waits", { model: "m" });
  const { answer } = ask(router, "passes", { model: "n" });
  expect(await serve(two, 0)).toBe("passes");
  expect((await within(SOON_MS, answer)).status).toBe(200);
});

test("a stream keeps its place until its last byte", async () => {
  ask(router, "streams");
  const stream = await within(SOON_MS, one.talk(0));
  await stream.begin(200, { "content-type": "text/event-stream" });
  await stream.chunk("data: 1\n\n");
  await askAndWait(router, "waits");
  await stream.chunk("data: 2\n\n");
  await untilWaiting(router, 1);
  expect(one.talks).toHaveLength(1);
  await stream.chunk("");
  expect(await serve(one, 1)).toBe("waits");
});

test.each<[string, "reset" | "refuse" | "fail"]>([
  ["is broken off", "reset"],
  ["is refused", "refuse"],
  ["is an error", "fail"],
])("an answer that %s frees its place, too", async (_, how) => {
  const first = ask(router, "goes wrong");
  const talk = await within(SOON_MS, one.talk(0));
  await askAndWait(router, "waits");
  if (how === "fail") await talk.answer(500, '{"error":"no"}');
  if (how === "refuse") await talk.answer(429, '{"error":"no"}', { "retry-after": "0" });
  if (how === "reset") {
    await talk.begin(200);
    await talk.chunk("{}\n");
    await within(SOON_MS, first.answer);
    talk.reset();
  }
  expect(await serve(one, 1)).toBe("waits");
});

test("never are there more at a time than are allowed, however many ask, leave and fail", async () => {
  await forSeedsInTurn(2, async (random) => {
    await using engine = await rawBackend(["x"], () => {});
    await using crowded = await routerOver(
      { b: { url: engine.url, engine: "openai", max_inflight: 3 } },
      "[health]\nfailures = 1000",
    );
    let running = 0;
    let most = 0;
    engine.behave(async (talk) => {
      most = Math.max(most, ++running);
      await Promise.race([Bun.sleep(random.next() * 4), talk.closed]);
      running--;
      if (random.chance(0.1)) talk.end();
      else await talk.answer(random.chance(0.1) ? 500 : 200, "{}");
    });
    const visits = random.list(120, async () => {
      await Bun.sleep(random.next() * 60);
      const { answer, leave } = ask(crowded, "", { model: "x" });
      if (random.chance(0.2)) setTimeout(leave, random.next() * 30);
      return answer.then(({ status }) => status).catch(() => 499);
    });
    const statuses = await within(SOON_MS, Promise.all(visits));
    expect(statuses).not.toContain(503);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(50);
    expect(most).toBe(3);
    await untilWaiting(crowded, 0);
  });
});
