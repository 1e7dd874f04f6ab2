/** Nobody who waits for a backend is lost when that goes down, is drained or vanishes for a while, or when another comes up. */

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, type Asked, SOON_MS, waiting } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { backends } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';
const OFTEN = '[health]\nprobe_interval = "50ms"\nprobe_timeout = "250ms"\n';

let full: RawBackend;
let other: RawBackend;
let router: Mellamo;
let running: Talk;

beforeEach(async () => {
  full = await rawBackend(["m"], () => {});
  other = await rawBackend(["m", "n"], (talk) => talk.answer(200, FINE));
  router = await routerOver(
    {
      full: { url: full.url, engine: "openai", max_inflight: 1 },
      other: { url: other.url, engine: "openai", priority: 200, pause: "300ms", failures: 1 },
    },
    OFTEN,
  );
});

afterEach(async () => {
  await Promise.all([router, full, other].map((each) => each[Symbol.asyncDispose]()));
});

/** Takes the other backend out of service, and fills the first. */
async function occupy(): Promise<void> {
  await other.stop();
  await becomes("other", false);
  ask(router, "runs");
  running = await within(SOON_MS, full.talk(0));
}

async function becomes(name: string, up: boolean): Promise<void> {
  await eventually(SOON_MS, async () =>
    (await backends(router)).some((backend) => backend.name === name && backend.up === up),
  );
}

async function drain(name: string, deed: "drain" | "resume", body = ""): Promise<void> {
  await fetch(`${router.url}/mellamo/backends/${name}/${deed}`, { method: "POST", body });
}

/** Which backend has answered, and how. */
async function answerTo({ answer }: Asked): Promise<[number, string | null]> {
  const { status, headers } = await within(SOON_MS, answer);
  return [status, headers.get("x-mellamo-backend")];
}

test("the backend falls silent, and speaks again", async () => {
  await occupy();
  const asked = await askAndWait(router);
  full.list(undefined);
  await becomes("full", false);
  await running.answer(200, FINE);
  expect(await waiting(router)).toBe(1);
  full.behave((talk) => talk.answer(200, FINE));
  full.list(["m"]);
  expect(await answerTo(asked)).toEqual([200, "full"]);
});

test("the backend dies with all it was doing, and is started again", async () => {
  await occupy();
  const asked = [await askAndWait(router), await askAndWait(router), await askAndWait(router)];
  await full.stop();
  await becomes("full", false);
  full.behave((talk) => talk.answer(200, FINE));
  await full.start();
  // only the one that was being served may be told of it
  for (const each of asked) expect(await answerTo(each)).toEqual([200, "full"]);
});

test("the backend has the model no more, and has it again", async () => {
  await occupy();
  const asked = await askAndWait(router);
  full.list(["another"]);
  await eventually(SOON_MS, async () =>
    (await backends(router)).some(({ models }) => models.some(({ id }) => id === "another")),
  );
  await running.answer(200, FINE);
  expect(await waiting(router)).toBe(1);
  full.behave((talk) => talk.answer(200, FINE));
  full.list(["m", "another"]);
  expect(await answerTo(asked)).toEqual([200, "full"]);
});

test("another backend comes up that could serve it", async () => {
  await occupy();
  const asked = [await askAndWait(router), await askAndWait(router)];
  await other.start();
  for (const each of asked) expect(await answerTo(each)).toEqual([200, "other"]);
  expect(full.talks).toHaveLength(1);
});

test("another backend comes to have the model", async () => {
  other.list(["n"]);
  await eventually(SOON_MS, async () =>
    (await backends(router)).some(({ name, models }) => name === "other" && models.length === 1),
  );
  ask(router, "runs");
  await within(SOON_MS, full.talk(0));
  const asked = await askAndWait(router);
  other.list(["m", "n"]);
  expect(await answerTo(asked)).toEqual([200, "other"]);
});

test("another backend has paused long enough after a failure", async () => {
  other.behave((talk) => talk.answer(502, ""));
  ask(router, "runs");
  await within(SOON_MS, full.talk(0));
  other.behave((talk) => talk.answer(200, FINE));
  // nobody tells the router that it is well again
  expect(await answerTo(ask(router))).toEqual([200, "other"]);
});

describe("the backend is drained", () => {
  test("and resumed", async () => {
    await occupy();
    const asked = await askAndWait(router);
    await drain("full", "drain");
    await running.answer(200, FINE);
    await eventually(SOON_MS, async () => (await backends(router)).every(({ inflight }) => inflight === 0));
    expect([await waiting(router), full.talks.length]).toEqual([1, 1]);
    full.behave((talk) => talk.answer(200, FINE));
    await drain("full", "resume");
    expect(await answerTo(asked)).toEqual([200, "full"]);
  });

  test("and back by the clock", async () => {
    await occupy();
    const asked = await askAndWait(router);
    await drain("full", "drain", '{"for":"400ms"}');
    full.behave((talk) => talk.answer(200, FINE));
    await running.answer(200, FINE);
    expect(await answerTo(asked)).toEqual([200, "full"]);
  });

  test("while another is resumed", async () => {
    await drain("other", "drain");
    ask(router, "runs");
    await within(SOON_MS, full.talk(0));
    const asked = await askAndWait(router);
    await drain("full", "drain");
    await drain("other", "resume");
    expect(await answerTo(asked)).toEqual([200, "other"]);
  });
});

const FAILURES: readonly (readonly [string, Behaviour])[] = [
  ["breaks off", (talk) => talk.reset()],
  ["has no gateway", (talk) => talk.answer(502, "")],
  ["fails", (talk) => talk.answer(503, '{"error":"no"}')],
  ["waits in vain itself", (talk) => talk.answer(504, "")],
  ["is busy", (talk) => talk.answer(429, '{"error":"no"}', { "retry-after": "60" })],
  ["is as busy as an Ollama", (talk) => talk.answer(503, '{"error":"server busy, please try again."}')],
];

test.each(FAILURES)("one backend %s, and the other is full: that one is waited for", async (_, behaviour) => {
  other.behave(behaviour);
  await drain("other", "drain");
  ask(router, "runs");
  running = await within(SOON_MS, full.talk(0));
  await drain("other", "resume");
  const asked = await askAndWait(router);
  expect(other.talks.length).toBeGreaterThan(0);
  await running.answer(200, FINE);
  await (await within(SOON_MS, full.talk(1))).answer(200, FINE);
  expect(await answerTo(asked)).toEqual([200, "full"]);
  const attempts = Number((await asked.answer).headers.get("x-mellamo-attempts"));
  expect(attempts).toBe(other.talks.length + 1);
});

test("who has waited in vain is told what is in the way by then, and when to come back", async () => {
  await using brief = await routerOver(
    { full: { url: full.url, engine: "openai", max_inflight: 1 } },
    '[routing]\nqueue_timeout = "2s"\n',
  );
  ask(brief, "runs");
  await within(SOON_MS, full.talk(0));
  const asked = await askAndWait(brief);
  await fetch(`${brief.url}/mellamo/backends/full/drain`, { method: "POST" });
  const answer = await within(SOON_MS, asked.answer);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toMatchObject({
    error: { message: 'no backend that has "m" can serve it now (full: drained)' },
  });
});
