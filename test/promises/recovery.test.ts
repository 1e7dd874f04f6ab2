/** A backend that fails is left alone, and is used again as soon as it is well: nobody has to tell the router. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, type Asked, labelOf, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';
const fine: Behaviour = (talk) => talk.answer(200, FINE);

/** Nobody waits for the end of this pause. */
const FOR_LONG = "10m";

let first: RawBackend;
let second: RawBackend;
let router: Mellamo;

// the first is asked first as long as it is there
beforeEach(async () => {
  first = await rawBackend(["m", "alone"], fine);
  second = await rawBackend(["m"], fine);
});

afterEach(async () => {
  await Promise.all([router, first, second].map((each) => each[Symbol.asyncDispose]()));
});

async function start(pause: string, failures = 3): Promise<void> {
  router = await routerOver(
    {
      first: { url: first.url, engine: "openai", priority: 200, pause, max_pause: "1h", failures },
      second: { url: second.url, engine: "openai" },
    },
    '[health]\nprobe_interval = "50ms"\nprobe_timeout = "250ms"\n',
  );
}

async function backendOf({ answer }: Asked): Promise<string | null> {
  const { status, headers } = await within(SOON_MS, answer);
  return status === 200 ? headers.get("x-mellamo-backend") : String(status);
}

async function becomes(up: boolean): Promise<void> {
  await eventually(SOON_MS, async () => (await backendNamed("first", router)).up === up);
}

/** Resolves after so many more looks at the first. */
async function looks(count: number): Promise<void> {
  const before = first.looks();
  await eventually(SOON_MS, () => first.looks() >= before + count);
}

test("one that is back is used from its first good probe on, however long the pause would have been", async () => {
  await start(FOR_LONG, 1);
  await first.stop();
  expect(await backendOf(ask(router))).toBe("second");
  await becomes(false);
  expect((await backendNamed("first", router)).breaker.state).toBe("open");
  await first.start();
  await becomes(true);
  expect(await backendOf(ask(router))).toBe("first");
  expect((await backendNamed("first", router)).breaker).toEqual({
    state: "closed",
    failures: 0,
    until: null,
  });
});

test("one that was away while nobody asked is used as before", async () => {
  await start(FOR_LONG);
  await first.stop();
  await becomes(false);
  await eventually(SOON_MS, async () => (await backendNamed("first", router)).breaker.state === "open");
  await first.start();
  await becomes(true);
  expect(await backendOf(ask(router, "", { model: "alone" }))).toBe("first");
});

test("one that takes connections and says nothing is found out by its probes, and avoided", async () => {
  await start(FOR_LONG);
  first.behave(() => {});
  const hangs = ask(router);
  const talk = await within(SOON_MS, first.talk(0));
  first.list(undefined);
  await becomes(false);
  expect((await backendNamed("first", router)).trouble).toBe("no answer in time");
  for (let times = 0; times < 3; times++) expect(await backendOf(ask(router))).toBe("second");
  expect(first.talks).toHaveLength(1);
  // whoever it has taken in is not broken off by that
  await talk.answer(200, FINE);
  expect(await backendOf(hangs)).toBe("first");
});

test.each<[string, Behaviour]>([
  ["502", (talk) => talk.answer(502, "")],
  ["503", (talk) => talk.answer(503, '{"error":"out of memory"}')],
  ["a reset", (talk) => talk.reset()],
])("one that lists its models well and answers every chat with %s is skipped", async (_, fails) => {
  await start(FOR_LONG);
  first.behave(fails);
  for (let times = 0; times < 3; times++) expect(await backendOf(ask(router))).toBe("second");
  const asked = first.talks.length;
  expect(asked).toBeGreaterThanOrEqual(3);
  await looks(5);
  expect(await backendNamed("first", router)).toMatchObject({ up: true, breaker: { state: "open" } });
  for (let times = 0; times < 5; times++) expect(await backendOf(ask(router))).toBe("second");
  expect(first.talks).toHaveLength(asked);
});

test.each([400, 404, 500])("one whose answer is %d is not", async (status) => {
  await start(FOR_LONG);
  first.behave((talk) => talk.answer(status, '{"error":{"message":"mine"}}'));
  for (let times = 0; times < 5; times++) expect(await backendOf(ask(router))).toBe(String(status));
  expect((await backendNamed("first", router)).breaker).toMatchObject({ state: "closed", failures: 0 });
});

test("one that is busy rests as long as it asks for, and that is no failure", async () => {
  await start(FOR_LONG, 1);
  first.behave((talk) => talk.answer(429, "{}", { "retry-after": "2" }));
  expect(await backendOf(ask(router))).toBe("second");
  expect(await backendOf(ask(router))).toBe("second");
  const { breaker, resting_until: until } = await backendNamed("first", router);
  expect([breaker.state, breaker.failures, typeof until]).toEqual(["closed", 0, "string"]);
  first.behave(fine);
  // nobody else has the model: whoever comes meanwhile waits
  expect(await backendOf(ask(router, "", { model: "alone" }))).toBe("first");
});

test("after its pause one request finds out whether it is well, and the others wait for what it finds", async () => {
  await start("300ms");
  first.behave((talk) => talk.answer(502, ""));
  for (let times = 0; times < 3; times++) await ask(router, "", { model: "alone" }).answer;
  first.behave(() => {});
  const before = first.talks.length;
  // a pause that is over has no alarm of its own: whoever asks is the one that tries
  await eventually(SOON_MS, async () => (await backendNamed("first", router)).breaker.state === "half-open");
  const asked = Array.from({ length: 5 }, () => ask(router, "", { model: "alone" }));
  const tries = await within(SOON_MS, first.talk(before));
  await looks(2);
  expect(first.talks).toHaveLength(before + 1);
  first.behave(fine);
  await fine(tries);
  for (const each of asked) expect(await backendOf(each)).toBe("first");
});

test("where the one that tries leaves, the next one does", async () => {
  await start("300ms");
  first.behave((talk) => talk.answer(502, ""));
  for (let times = 0; times < 3; times++) await ask(router, "", { model: "alone" }).answer;
  first.behave(() => {});
  const before = first.talks.length;
  await eventually(SOON_MS, async () => (await backendNamed("first", router)).breaker.state === "half-open");
  const leaves = ask(router, "leaves", { model: "alone" });
  await within(SOON_MS, first.talk(before));
  const stays = await askAndWait(router, "stays", { model: "alone" });
  leaves.leave();
  const next = await within(SOON_MS, first.talk(before + 1));
  expect(labelOf(next)).toBe("stays");
  await fine(next);
  expect(await backendOf(stays)).toBe("first");
});

test("one that fails again pauses for longer, and whoever comes meanwhile is told for how long", async () => {
  await start("1s");
  first.behave((talk) => talk.answer(502, ""));
  for (let times = 0; times < 3; times++) await ask(router, "", { model: "alone" }).answer;
  await eventually(SOON_MS, async () => (await backendNamed("first", router)).breaker.state === "half-open");
  const before = first.talks.length;
  expect(await backendOf(ask(router, "", { model: "alone" }))).toBe("502");
  const refused = await within(SOON_MS, ask(router, "", { model: "alone" }).answer);
  expect([first.talks.length, refused.status]).toEqual([before + 1, 503]);
  expect(["1", "2"]).toContain(refused.headers.get("retry-after") ?? "");
  expect(await refused.json()).toMatchObject({
    error: { message: expect.stringMatching(/\(first: breaker open for [12] s\)$/) as string },
  });
});
