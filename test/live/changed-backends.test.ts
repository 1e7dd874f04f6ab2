/** A backend whose settings change is not out of service for an instant, even if it says nothing when it is looked at. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { backendTable } from "../support/backend-table.ts";
import type { RawBackend } from "../support/backend.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, change, table, teller, whoAnswers } from "../support/reloading.ts";
import { backends } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

const BEFORE = (): string => `${table("one", one)}${table("two", two)}`;

/** Further configurations, and which engine answers under them for the one model each has. */
const CHANGES: readonly (readonly [string, () => string])[] = [
  ["another priority", () => `${table("one", one, "priority = 7")}${table("two", two, "priority = 8")}`],
  ["a key", () => `${table("one", one, 'key = "k"')}${table("two", two, 'key = "l"')}`],
  ["fewer models", () => `${table("one", one, 'exclude = ["x"]')}${table("two", two, 'include = ["of-*"]')}`],
  ["other times for looks", () => `[health]\nprobe_interval = "1s"\nprobe_timeout = "1s"\n${BEFORE()}`],
  ["other names", () => `${table("three", one)}${table("four", two)}`],
  ["each other's names", () => `${table("two", one)}${table("one", two)}`],
  ["a name that another one had, which is gone", () => `${table("two", one)}`],
  ["no name for its engine", () => `${backendTable("one", one.url)}${backendTable("two", two.url)}`],
];

beforeEach(async () => {
  one = await teller("one", ["of-one"]);
  two = await teller("two", ["of-two"]);
  router = await mellamo(BEFORE());
});

afterEach(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

/** Asks on and on while `work` is done, and once more after it; returns all who answered. */
async function askedDuring(name: string, work: () => Promise<unknown>): Promise<Set<string>> {
  const answers = new Set<string>();
  let isDone = false;
  const asking = (async () => {
    while (!isDone) answers.add(await whoAnswers(router, name));
  })();
  await work();
  isDone = true;
  await asking;
  return answers.add(await whoAnswers(router, name));
}

test.each(CHANGES)("%s", async (_, after) => {
  one.list(undefined);
  two.list(undefined);
  const answers = await askedDuring("of-one", () => change(router, after()));
  expect(answers).toEqual(new Set(["one"]));
});

test("an engine that is named after it was found out", async () => {
  await change(router, `${backendTable("one", one.url)}${table("two", two)}`);
  one.list(undefined);
  const answers = await askedDuring("of-one", () => change(router, BEFORE()));
  expect(answers).toEqual(new Set(["one"]));
});

test("one whose engine is called another is looked at before it is asked", async () => {
  one.list(undefined);
  await change(router, `${backendTable("one", one.url, 'engine = "ollama"')}${table("two", two)}`);
  const [state] = await backends(router);
  expect(state).toMatchObject({ name: "one", engine: "ollama", up: false });
});

test("aliases and pins follow a name that goes to another engine", async () => {
  const names = `[models]\nm = "one"\n[aliases]\n${aliasTo("one")}`;
  one.list(["m"]);
  two.list(["m"]);
  await change(router, `[health]\nprobe_interval = "1s"\n${BEFORE()}${names}`);
  expect([await whoAnswers(router, "a"), await whoAnswers(router, "m")]).toEqual(["one", "one"]);
  await change(router, `${table("two", one)}${table("one", two)}${names}`);
  expect([await whoAnswers(router, "a"), await whoAnswers(router, "m")]).toEqual(["two", "two"]);
});
