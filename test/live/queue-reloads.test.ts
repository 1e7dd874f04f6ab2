/** Who waits when the configuration changes is served by the one that is in force then. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, type Asked, labelOf, SOON_MS, untilWaiting, waiting } from "../support/asking.ts";
import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, change, table, teller } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;
let running: Talk;

function oneWith(more = "max_inflight = 1"): string {
  return table("one", one, more);
}

function alias(backend: string): string {
  return `[aliases]\n${aliasTo(backend)}`;
}

beforeEach(async () => {
  one = await rawBackend(["m"], () => {});
  two = await teller("two");
  router = await mellamo(`${oneWith()}${alias("one")}`);
  ask(router, "runs", { model: "a" });
  running = await within(SOON_MS, one.talk(0));
});

afterEach(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

async function backendOf({ answer }: Asked): Promise<string | null> {
  const { status, headers } = await within(SOON_MS, answer);
  return status === 200 ? headers.get("x-mellamo-backend") : String(status);
}

test.each([
  ["higher", "max_inflight = 3"],
  ["gone", ""],
])("a limit that is %s lets them in at once, the first of them first", async (_, more) => {
  for (const label of ["first", "second"]) await askAndWait(router, label);
  await change(router, oneWith(more) + alias("one"));
  expect(labelOf(await within(SOON_MS, one.talk(1)))).toBe("first");
  expect(labelOf(await within(SOON_MS, one.talk(2)))).toBe("second");
  expect(await waiting(router)).toBe(0);
});

test("a limit that is lower lets nobody in until so many are done, and breaks nobody off", async () => {
  await change(router, oneWith("max_inflight = 2") + alias("one"));
  const second = ask(router, "runs, too");
  const talk = await within(SOON_MS, one.talk(1));
  await askAndWait(router, "waits");
  await change(router, oneWith() + alias("one"));
  await running.answer(200, FINE);
  await untilWaiting(router, 1);
  expect(one.talks).toHaveLength(2);
  await talk.answer(200, FINE);
  expect(await backendOf(second)).toBe("one");
  expect(labelOf(await within(SOON_MS, one.talk(2)))).toBe("waits");
});

test("a backend that is added serves them", async () => {
  const asked = [await askAndWait(router), await askAndWait(router)];
  await change(router, oneWith() + table("two", two) + alias("one"));
  for (const each of asked) expect(await backendOf(each)).toBe("two");
});

test("a backend that is removed is not waited for where another can serve them", async () => {
  const asked = await askAndWait(router);
  await change(router, table("two", two));
  expect(await backendOf(asked)).toBe("two");
  expect(one.talks).toHaveLength(1);
});

test("a backend that is removed serves them all the same where nobody else can", async () => {
  const asked = await askAndWait(router);
  await change(router, table("two", await otherModels()));
  expect(await waiting(router)).toBe(1);
  one.behave((talk) => talk.answer(200, FINE));
  await running.answer(200, FINE);
  expect(await backendOf(asked)).toBe("one");
});

async function otherModels(): Promise<RawBackend> {
  two.list(["other"]);
  return two;
}

test("an engine that takes the place of another under its name serves them", async () => {
  const asked = await askAndWait(router);
  await change(router, table("one", two) + alias("one"));
  expect(await backendOf(asked)).toBe("one");
  expect(two.talks).toHaveLength(1);
});

test("an alias that leads elsewhere takes them along", async () => {
  const both = oneWith() + table("two", two, "max_inflight = 1");
  await change(router, both + alias("one"));
  const asked = await askAndWait(router, "", { model: "a" });
  await change(router, both + alias("two"));
  expect(await backendOf(asked)).toBe("two");
  expect((await (await asked.answer).json()) as object).toMatchObject({ model: "a", from: "two" });
});

test("an alias that is gone leads them where it did", async () => {
  const asked = await askAndWait(router, "", { model: "a" });
  await change(router, oneWith());
  one.behave((talk) => talk.answer(200, FINE));
  await running.answer(200, FINE);
  expect(await backendOf(asked)).toBe("one");
});

test("changes of what has nothing to do with them let nobody in, and nobody past them", async () => {
  await askAndWait(router, "first");
  await change(router, `[server]\ndrain = "1m"\n${oneWith()}${alias("one")}`);
  await askAndWait(router, "second");
  await change(router, `[routing]\nsticky = false\n${oneWith()}${alias("one")}`);
  await askAndWait(router, "third");
  await change(router, oneWith("max_inflight = 1\npriority = 7") + alias("one"));
  await askAndWait(router, "fourth");
  expect(one.talks).toHaveLength(1);
  await running.answer(200, FINE);
  for (const [index, label] of ["first", "second", "third", "fourth"].entries()) {
    const talk = await within(SOON_MS, one.talk(index + 1));
    expect(labelOf(talk)).toBe(label);
    await talk.answer(200, FINE);
  }
});

test("a shorter queue sends nobody away who is in it, and takes nobody more", async () => {
  const asked = await askAndWait(router);
  await change(router, `[routing]\nqueue_size = 0\n${oneWith()}${alias("one")}`);
  expect((await within(SOON_MS, ask(router).answer)).status).toBe(503);
  one.behave((talk) => talk.answer(200, FINE));
  await running.answer(200, FINE);
  expect(await backendOf(asked)).toBe("one");
});

test("a client that leaves after a change frees its place", async () => {
  const asked = await askAndWait(router, "leaves");
  await askAndWait(router, "stays");
  await change(router, oneWith("max_inflight = 1\npriority = 7") + alias("one"));
  asked.leave();
  await untilWaiting(router, 1);
  await running.answer(200, FINE);
  expect(labelOf(await within(SOON_MS, one.talk(1)))).toBe("stays");
});
