/** A conversation moves on where another backend is better than the one that had it, or that one cannot go on with it. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { homeOf, turn } from "../support/conversations.ts";
import { eventually, within } from "../support/deadline.ts";
import { canned } from "../support/fake-engine.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { ollamaLists, tagsRow } from "../support/ollama-lists.ts";
import { type BackendTable, routerOver } from "../support/over.ts";
import { nothingInFlight } from "../support/settled.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const OFTEN = '[health]\nprobe_interval = "50ms"\nfailures = 1000\n';

const fine = (talk: Talk): Promise<void> => talk.answer(200, '{"model":"m"}');

let a: RawBackend;
let b: RawBackend;

beforeEach(async () => {
  a = await rawBackend(["m"], fine);
  b = await rawBackend(["m"], fine);
});

afterEach(async () => {
  await Promise.all([a, b].map((each) => each[Symbol.asyncDispose]()));
});

function start(
  ofBoth: Omit<BackendTable, "url"> = {},
  ofB: Omit<BackendTable, "url"> = {},
): Promise<Mellamo> {
  const both = { engine: "openai", ...ofBoth };
  return routerOver({ a: { ...both, url: a.url }, b: { ...both, ...ofB, url: b.url } }, OFTEN);
}

/** Begins a conversation, and returns the engine that has it, and both names. */
async function begin(router: Mellamo): Promise<{ home: string; elsewhere: string; engine: RawBackend }> {
  const home = await homeOf(router, turn("hello"));
  return home === "a" ? { home, elsewhere: "b", engine: a } : { home, elsewhere: "a", engine: b };
}

async function tell(router: Mellamo, name: string, deed: "drain" | "resume"): Promise<void> {
  await fetch(`${router.url}/mellamo/backends/${name}/${deed}`, { method: "POST" });
}

/** Though the backend that had the conversation first is as good again. */
async function expectToStay(router: Mellamo, elsewhere: string): Promise<void> {
  for (let index = 2; index < 5; index++) expect(await homeOf(router, turn("hello", index))).toBe(elsewhere);
}

test("where its backend fails, and stays there", async () => {
  await using router = await start();
  const { elsewhere, engine } = await begin(router);
  engine.behave((talk) => talk.answer(502, ""));
  expect(await homeOf(router, turn("hello", 1))).toBe(elsewhere);
  engine.behave(fine);
  // what failed once counts as busier for a while, which is no reason to move either
  await expectToStay(router, elsewhere);
});

test("where its backend is full, and stays there", async () => {
  await using router = await start({ max_inflight: 1 });
  const { elsewhere, engine } = await begin(router);
  engine.behave(() => {});
  const before = engine.talks.length;
  const { leave } = ask(router, "", { more: turn("hello", 1) });
  await within(SOON_MS, engine.talk(before));
  expect(await homeOf(router, turn("hello", 1))).toBe(elsewhere);
  leave();
  await nothingInFlight(router);
  engine.behave(fine);
  await expectToStay(router, elsewhere);
});

test("where its backend is down, and stays there", async () => {
  await using router = await start();
  const { home, elsewhere, engine } = await begin(router);
  await engine.stop();
  await eventually(SOON_MS, async () => !(await backendNamed(home, router)).up);
  expect(await homeOf(router, turn("hello", 1))).toBe(elsewhere);
  await engine.start();
  await eventually(SOON_MS, async () => (await backendNamed(home, router)).up);
  await expectToStay(router, elsewhere);
});

test("where its backend is drained, and stays there", async () => {
  await using router = await start();
  const { home, elsewhere } = await begin(router);
  await tell(router, home, "drain");
  expect(await homeOf(router, turn("hello", 1))).toBe(elsewhere);
  await tell(router, home, "resume");
  await expectToStay(router, elsewhere);
});

test("where another backend of higher priority is back", async () => {
  await using router = await start({}, { priority: 200 });
  await tell(router, "b", "drain");
  for (let index = 0; index < 2; index++) expect(await homeOf(router, turn("hello", index))).toBe("a");
  await tell(router, "b", "resume");
  expect(await homeOf(router, turn("hello", 2))).toBe("b");
});

test("where another has the model in memory, and its own does not", async () => {
  const lists = ollamaLists([tagsRow("m")]);
  await using one = canned(lists, () => Response.json({ model: "m" }));
  await using two = canned(lists, () => Response.json({ model: "m" }));
  await using router = await routerOver(
    { one: { url: one.url, engine: "ollama" }, two: { url: two.url, engine: "ollama" } },
    OFTEN,
  );
  const home = await homeOf(router, turn("hello"), "/api/chat");
  const [engine, elsewhere] = home === "one" ? [two, "two"] : [one, "one"];
  engine.say("/api/ps", { models: [tagsRow("m")] });
  await eventually(SOON_MS, async () => (await backendNamed(elsewhere, router)).models[0]?.loaded === true);
  expect(await homeOf(router, turn("hello", 1), "/api/chat")).toBe(elsewhere);
});
