/** A queue is only so long, and whoever leaves it makes room for the next. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, labelOf, SOON_MS, untilWaiting } from "../support/asking.ts";
import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { backends } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';

let engine: RawBackend;
let router: Mellamo;
let running: Talk;

beforeEach(async () => {
  engine = await rawBackend(["m", "n"], () => {});
  router = await routerOver(
    { b: { url: engine.url, engine: "openai", max_inflight: 1 } },
    '[routing]\nqueue_size = 2\n[aliases]\nalias = "m"\n',
  );
  ask(router, "runs");
  running = await within(SOON_MS, engine.talk(0));
});

afterEach(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

async function statusOf({ answer }: { readonly answer: Promise<Response> }): Promise<number> {
  return (await within(SOON_MS, answer)).status;
}

test("whoever comes when it is full is sent away, and those who wait are served", async () => {
  const first = await askAndWait(router, "first");
  const second = await askAndWait(router, "second");
  expect(await statusOf(ask(router, "third"))).toBe(503);
  await running.answer(200, FINE);
  await (await within(SOON_MS, engine.talk(1))).answer(200, FINE);
  await (await within(SOON_MS, engine.talk(2))).answer(200, FINE);
  expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
  expect(engine.talks.map(labelOf)).toEqual(["runs", "first", "second"]);
});

test("a client that leaves it frees its place in it, and the engine never hears of it", async () => {
  const leaves = await askAndWait(router, "leaves");
  await askAndWait(router, "stays");
  expect(await statusOf(ask(router))).toBe(503);
  leaves.leave();
  await untilWaiting(router, 1);
  await askAndWait(router, "comes");
  expect(await statusOf(ask(router))).toBe(503);

  await running.answer(200, FINE);
  await (await within(SOON_MS, engine.talk(1))).answer(200, FINE);
  await (await within(SOON_MS, engine.talk(2))).answer(200, FINE);
  expect(engine.talks.map(labelOf)).toEqual(["runs", "stays", "comes"]);
});

test.each(["leave", "finish"] as const)("so does one whose connection is gone (%s)", async (how) => {
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"m","user":"leaves"}'));
  await untilWaiting(router, 1);
  client[how]();
  await untilWaiting(router, 0);
  await router.log.until(/event=request .*status=499 .*problem="client gone"/);
});

test("one that leaves in the instant it is let in leaves the place to the next", async () => {
  const leaves = await askAndWait(router, "leaves");
  await askAndWait(router, "stays");
  const answered = running.answer(200, FINE);
  leaves.leave();
  await answered;
  // the engine may or may not have seen the one that left
  const next = await within(SOON_MS, engine.talk(1));
  const last = labelOf(next) === "stays" ? next : await within(SOON_MS, engine.talk(2));
  expect(labelOf(last)).toBe("stays");
  await last.answer(200, FINE);
});

test("models have queues of their own, and names for one model share its queue", async () => {
  await askAndWait(router, "1", { model: "m" });
  await askAndWait(router, "2", { model: "alias" });
  for (const model of ["m", "alias"]) expect(await statusOf(ask(router, "", { model }))).toBe(503);
  await askAndWait(router, "3", { model: "n" });
  await askAndWait(router, "4", { model: "n" });
  expect(await statusOf(ask(router, "", { model: "n" }))).toBe(503);
});

test("one name has one queue, however it is spelled", async () => {
  await askAndWait(router, "1", { model: "m" });
  await askAndWait(router, "2", { model: "M" });
  for (const model of ["m", "M", "m:latest", "library/m"])
    expect(await statusOf(ask(router, "", { model }))).toBe(503);
});

test("who waits is counted for its owner, and not as in flight", async () => {
  await askAndWait(router, "first");
  await askAndWait(router, "second", { model: "n" });
  expect((await backends(router)).map(({ inflight }) => inflight)).toEqual([1]);
  const resolved = await fetch(`${router.url}/mellamo/resolve?model=n`);
  expect(await resolved.json()).toMatchObject({ waiting: 1, candidates: [{ state: "full", inflight: 1 }] });
});
