/** Backends come, go and change while the router runs, and the next request knows it. */

import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import type { RawBackend } from "../support/backend.ts";
import { eventually } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";
import { change, table, teller, whoAnswers } from "../support/reloading.ts";
import { backends } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

/** Nobody looks at a backend again by chance. */
const RARELY = 'probe_interval = "1h"';

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  one = await teller("one", ["m", "only-one"]);
  two = await teller("two", ["m", "only-two"]);
  router = await mellamo(table("one", one, RARELY));
});

beforeEach(() => change(router, table("one", one, RARELY)));

afterAll(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

async function namesOf(): Promise<string[]> {
  return (await backends(router)).map(({ name }) => name);
}

async function keysSeen(engine: RawBackend): Promise<(string | undefined)[]> {
  const before = engine.talks.length;
  await whoAnswers(router, "m");
  return engine.talks.slice(before).map(({ headers }) => headers.get("authorization"));
}

test("one that is added serves at once", async () => {
  await change(router, table("one", one, RARELY) + table("two", two, `${RARELY}\npriority = 200`));
  expect(await namesOf()).toEqual(["one", "two"]);
  expect(await whoAnswers(router, "only-two")).toBe("two");
  expect(await whoAnswers(router, "m")).toBe("two");
});

test("one that is removed gets nothing more", async () => {
  await change(router, table("one", one) + table("two", two, "priority = 200"));
  expect(await whoAnswers(router, "m")).toBe("two");
  await change(router, table("one", one, RARELY));
  expect(await namesOf()).toEqual(["one"]);
  expect(await whoAnswers(router, "m")).toBe("one");
  expect(await whoAnswers(router, "only-two")).toBe("404");
});

test("one that takes the place of another under its name", async () => {
  await change(router, table("one", two, RARELY));
  expect(await whoAnswers(router, "m")).toBe("two");
  expect(await whoAnswers(router, "only-one")).toBe("404");
});

test("another name for it", async () => {
  await change(router, table("renamed", one, RARELY));
  expect(await namesOf()).toEqual(["renamed"]);
  expect(await whoAnswers(router, "m")).toBe("one");
});

test("priorities", async () => {
  for (const [priority, who] of [
    [50, "one"],
    [150, "two"],
    [99, "one"],
  ] as const) {
    await change(router, table("one", one, RARELY) + table("two", two, `priority = ${priority}`));
    expect(await whoAnswers(router, "m")).toBe(who);
  }
});

test("the key", async () => {
  expect(await keysSeen(one)).toEqual([undefined]);
  await change(router, table("one", one, 'key = "first"'));
  expect(await keysSeen(one)).toEqual(["Bearer first"]);
  await change(router, table("one", one, 'key = "second"'));
  expect(await keysSeen(one)).toEqual(["Bearer second"]);
  await change(router, table("one", one, RARELY));
  expect(await keysSeen(one)).toEqual([undefined]);
});

test("which of its models are offered", async () => {
  await change(router, table("one", one, `${RARELY}\nexclude = ["only-*"]`));
  expect(await whoAnswers(router, "only-one")).toBe("404");
  await change(router, table("one", one, `${RARELY}\ninclude = ["only-*"]`));
  expect(await whoAnswers(router, "only-one")).toBe("one");
  expect(await whoAnswers(router, "m")).toBe("404");
  await change(router, table("one", one, RARELY));
  expect(await whoAnswers(router, "m")).toBe("one");
});

test("how often it is looked at", async () => {
  await change(router, table("one", one, 'probe_interval = "20ms"'));
  const before = one.looks();
  await eventually(SOON_MS, () => one.looks() > before + 5);
});

test("which engine it is", async () => {
  await change(router, `[[backend]]\nname = "one"\nurl = "${one.url}"\nengine = "vllm"\n`);
  expect((await backends(router)).map(({ engine }) => engine)).toEqual(["vllm"]);
  await change(router, `[[backend]]\nname = "one"\nurl = "${one.url}"\n`);
  expect((await backends(router)).map(({ engine }) => engine)).toEqual(["openai"]);
});

test("all of them removed: only what is on the usual ports could answer now", async () => {
  const { changed } = await change(router, "");
  expect(changed?.backends.removed).toEqual(["one"]);
  expect(await whoAnswers(router, "only-one")).not.toBe("one");
  await change(router, table("one", one, RARELY));
  expect(await whoAnswers(router, "only-one")).toBe("one");
});

test("one that nobody answers for is told of, and holds nobody up", async () => {
  await change(router, table("one", one, RARELY) + table("nobody", { url: NOBODY }));
  expect(await whoAnswers(router, "m")).toBe("one");
  await router.log.until(/event="backend down" backend=nobody .*why="connection refused"/);
});
