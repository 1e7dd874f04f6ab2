/** A drain outlives changes of the configuration: it is for the backend of that name, whatever its settings. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { SOON_MS } from "../support/asking.ts";
import type { RawBackend } from "../support/backend.ts";
import { eventually } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { aliasTo, change, table, teller, whoAnswers } from "../support/reloading.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

let one: RawBackend;
let two: RawBackend;
let router: Mellamo;

beforeEach(async () => {
  one = await teller("one");
  two = await teller("two");
  router = await mellamo(before());
});

afterEach(async () => {
  await Promise.all([router, one, two].map((each) => each[Symbol.asyncDispose]()));
});

function before(more = ""): string {
  return table("one", one, `priority = 200\n${more}`) + table("two", two);
}

async function tell(deed: "drain" | "resume", body = ""): Promise<void> {
  await fetch(`${router.url}/mellamo/backends/one/${deed}`, { method: "POST", body });
}

const CHANGES: readonly (readonly [string, () => string])[] = [
  ["nothing changes", () => before()],
  ["an alias is added", () => `${before()}[aliases]\n${aliasTo("one")}`],
  ["its own settings change", () => before('key = "k"\nweight = 3\nmax_inflight = 9')],
  ["others come and go", () => table("one", one, "priority = 200") + table("three", two)],
];

test.each(CHANGES)("when %s", async (_, after) => {
  await tell("drain");
  await change(router, after());
  expect((await backendNamed("one", router)).drained).toEqual({ until: null });
  expect(await whoAnswers(router, "m")).toBe("two");
  await tell("resume");
  expect(await whoAnswers(router, "m")).toBe("one");
});

test.each(CHANGES)("it is back by the clock when %s", async (_, after) => {
  await tell("drain", '{"for":"300ms"}');
  await change(router, after());
  await eventually(SOON_MS, async () => (await whoAnswers(router, "m")) === "one");
  expect((await backendNamed("one", router)).drained).toBeNull();
});

test("a file with a mistake resumes nobody", async () => {
  await tell("drain");
  await expect(change(router, "[aliases\n")).rejects.toThrow("Refused");
  expect((await backendNamed("one", router)).drained).toEqual({ until: null });
  expect(await whoAnswers(router, "m")).toBe("two");
});

test("a router that is started anew knows of no drain", async () => {
  await tell("drain");
  await using again = await mellamo(before());
  expect((await backendNamed("one", again)).drained).toBeNull();
});
