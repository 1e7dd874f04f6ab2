/** A backend whose settings did not change notices nothing of a reload: its connections stay, and what is known of it. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";
import { aliasTo, change, table, teller, whoAnswers } from "../support/reloading.ts";
import { nothingInFlight } from "../support/settled.ts";
import { backends } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(20_000);

/** Nobody looks at a backend again by chance. */
const RARELY = 'probe_interval = "1h"';

let one: RawBackend;
let router: Mellamo;

beforeEach(async () => {
  one = await teller("one");
  router = await mellamo(table("one", one, RARELY));
});

afterEach(async () => {
  await Promise.all([router, one].map((each) => each[Symbol.asyncDispose]()));
});

const OTHERS: readonly (readonly [string, () => string])[] = [
  ["nothing changes", () => table("one", one, RARELY)],
  ["an alias is added", () => `${table("one", one, RARELY)}[aliases]\n${aliasTo("one")}`],
  [
    "a backend is added before it",
    () => `${table("nobody", { url: NOBODY }, "priority = 1")}${table("one", one, RARELY)}`,
  ],
  [
    "all settings that are not its own change",
    () =>
      '[server]\nmax_body = "1MiB"\norigins = ["*"]\n[listing]\naliases = false\n[log]\nlevel = "debug"\n' +
      `[health]\nprobe_interval = "1s"\n${table("one", one, RARELY)}`,
  ],
];

test.each(OTHERS)("the connections it has are used on when %s", async (_, after) => {
  await whoAnswers(router, "m");
  const before = one.connections();
  for (let times = 0; times < 5; times++) {
    await change(router, after());
    expect(await whoAnswers(router, "m")).toBe("one");
  }
  expect(one.connections()).toBe(before);
});

test.each(OTHERS)("it is not looked at anew when %s", async (_, after) => {
  const before = one.looks();
  for (let times = 0; times < 5; times++) await change(router, after());
  expect(await whoAnswers(router, "m")).toBe("one");
  expect(one.looks()).toBe(before);
});

test.each(OTHERS)(
  "what it was seen to have stays known, though it says nothing now, when %s",
  async (_, after) => {
    one.list(undefined);
    await change(router, after());
    expect(await whoAnswers(router, "m")).toBe("one");
  },
);

test("its running requests are counted on", async () => {
  await using slow = await rawBackend(["slow"], () => {});
  const both = `${table("one", one, RARELY)}${table("slow", slow, RARELY)}`;
  await change(router, both);
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"slow"}'));
  await slow.talk(0);
  await change(router, `[server]\ndrain = "1s"\n${both}`);
  expect((await backends(router)).map(({ name, inflight }) => [name, inflight])).toEqual([
    ["one", 0],
    ["slow", 1],
  ]);
  client.leave();
  await nothingInFlight(router);
});

test("a path that it turned out to lack is not asked of it again", async () => {
  one.behave((talk) => talk.answer(404, '{"detail":"Not Found"}'));
  const rerank = async (): Promise<number> => {
    const response = await fetch(`${router.url}/v1/rerank`, { method: "POST", body: '{"model":"m"}' });
    return response.status;
  };
  expect(await rerank()).toBe(501);
  expect(one.talks).toHaveLength(1);
  await change(router, `${table("one", one, RARELY)}[aliases]\n${aliasTo("one")}`);
  expect(await rerank()).toBe(501);
  expect(one.talks).toHaveLength(1);
});
