/** Aliases that were made while the router runs outlive every change of its configuration. */

import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { RawBackend } from "../support/backend.ts";
import { eventually } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, change, reload, save, table, teller, whoAnswers } from "../support/reloading.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

const SOON_MS = 5000;

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  one = await teller("one");
  two = await teller("two", ["m", "only-two"]);
  router = await mellamo(configOf());
});

beforeEach(() => change(router, configOf()));

afterAll(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

function configOf(names = ""): string {
  return `${table("one", one, "priority = 200")}${table("two", two)}[aliases]\n${names}`;
}

async function set(alias: string, target: string): Promise<void> {
  const body = JSON.stringify({ alias, target });
  const { status } = await fetch(`${router.url}/api/aliases`, { method: "POST", body });
  if (status !== 200) throw new Error(`${alias} is refused with ${status}`);
}

async function namesOf(): Promise<string[]> {
  const { aliases } = (await (await fetch(`${router.url}/api/aliases`)).json()) as {
    readonly aliases: readonly { readonly alias: string }[];
  };
  return aliases.map(({ alias }) => alias);
}

test("they are there after a reload, and after one that fails", async () => {
  await set("kept", "only-two");
  await change(router, configOf(aliasTo("one")));
  expect(await whoAnswers(router, "kept")).toBe("two");
  await change(router, "colour = 1\n").catch(() => {});
  expect(await whoAnswers(router, "kept")).toBe("two");
  expect(await namesOf()).toEqual(["a", "kept"]);
});

test("one that the file defines, too, is back once the file does not", async () => {
  await set("both", "only-two");
  await change(router, configOf(aliasTo("one", "both")));
  expect(await whoAnswers(router, "both")).toBe("one");
  await change(router, configOf());
  expect(await whoAnswers(router, "both")).toBe("two");
});

test("one that leads to a backend that is removed leads there again when that is back", async () => {
  await set("away", "only-two");
  await change(router, table("one", one));
  expect(await whoAnswers(router, "away")).toBe("404");
  await change(router, configOf());
  expect(await whoAnswers(router, "away")).toBe("two");
});

test("one that the file leads in a circle hurts itself alone, and until the file is another", async () => {
  await change(router, configOf('there = "only-two"\n'));
  await set("here", "there");
  expect(await whoAnswers(router, "here")).toBe("two");
  await change(router, configOf('there = "here"\nfine = "only-two"\n'));
  expect(await whoAnswers(router, "here")).toBe("404");
  expect(await whoAnswers(router, "fine")).toBe("two");
  await change(router, configOf('there = "only-two"\n'));
  expect(await whoAnswers(router, "here")).toBe("two");
});

test("those that are made while the configuration changes are all there in the end", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `made-${String(index).padStart(2, "0")}`);
  let isDone = false;
  const reloads = (async () => {
    for (let turn = 0; !isDone; turn++)
      await change(router, configOf(aliasTo(turn % 2 === 0 ? "one" : "two")));
  })();
  await Promise.all(names.map((name) => set(name, "only-two")));
  isDone = true;
  await reloads;
  expect((await namesOf()).filter((name) => name.startsWith("made-"))).toEqual(names);
  expect(await whoAnswers(router, "made-49")).toBe("two");
});

test("those that another program writes are there, whatever the configuration does meanwhile", async () => {
  const entry = { alias: "foreign", target: "only-two", prefix_matching: false };
  const store = join(dirname(router.file), "server.json");
  await save(router, configOf(aliasTo("two")));
  await writeFile(store, JSON.stringify({ version: 1, aliases: [entry] }));
  await reload(router);
  await eventually(SOON_MS, async () => (await whoAnswers(router, "foreign")) === "two");
  expect(await whoAnswers(router, "a")).toBe("two");
});
