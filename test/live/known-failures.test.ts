/** What is known of backends from their answers (failures, pauses, rests, running requests) outlives changes of the configuration. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, labelOf, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { change, table, teller } from "../support/reloading.ts";
import { backendNamed, type BackendState } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';

/** Nobody waits for the end of such a pause, and nobody looks at a backend by chance. */
const SLOWLY = 'pause = "1h"\nmax_pause = "1h"\nprobe_interval = "1h"';

const refuses: Behaviour = (talk) => talk.answer(502, "");
const begins: Behaviour = async (talk) => {
  await talk.begin(200);
  await talk.chunk("{}\n");
};

/** Each has a model of its name. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  failed: refuses,
  failing: refuses,
  resting: (talk) => talk.answer(429, "{}", { "retry-after": "60" }),
  streaming: begins,
};

const engines = new Map<string, RawBackend>();
let router: Mellamo;

beforeEach(async () => {
  for (const [name, behaviour] of Object.entries(BEHAVIOURS))
    engines.set(name, await rawBackend([name], behaviour));
  router = await mellamo(tables());
  for (const name of engines.keys()) await router.log.until(new RegExp(`up" backend=${name} `));
});

afterEach(async () => {
  await Promise.all([router, ...engines.values()].map((each) => each[Symbol.asyncDispose]()));
});

function tables(more = "", names: readonly string[] = [...engines.keys()]): string {
  return names.map((name) => table(name, engineOf(name), `${SLOWLY}\nmax_inflight = 1\n${more}`)).join("");
}

function engineOf(name: string): RawBackend {
  const engine = engines.get(name);
  if (engine === undefined) throw new Error(`No engine is called ${name}`);
  return engine;
}

function state(name: string): Promise<BackendState> {
  return backendNamed(name, router);
}

async function askFor(model: string, times = 1): Promise<void> {
  for (let count = 0; count < times; count++) await within(SOON_MS, ask(router, "", { model }).answer);
}

/** Configurations that leave these backends as they are, or change no more of them than how they are chosen. */
const CHANGES: readonly (readonly [string, () => string])[] = [
  ["nothing changes", () => tables()],
  ["an alias is added", () => `${tables()}[aliases]\nalias = "failed"\n`],
  ["other settings change", () => `[server]\ndrain = "1m"\n[routing]\nqueue_size = 7\n${tables()}`],
  ["their priorities change", () => tables("priority = 300")],
  ["their weights change", () => tables("weight = 2")],
  ["their timeouts change", () => tables('first_byte = "1m"\nidle = "1m"')],
  ["they stand in another order", () => tables("", [...engines.keys()].reverse())],
];

test.each(CHANGES)("when %s", async (_, after) => {
  await askFor("failed", 3);
  await askFor("failing", 2);
  await askFor("resting");
  await askFor("streaming");
  await change(router, after());

  // an open breaker stays open, and nobody comes through
  expect((await state("failed")).breaker).toMatchObject({ state: "open", failures: 3 });
  await askFor("failed");
  expect(engineOf("failed").talks).toHaveLength(3);

  // failures count on
  expect((await state("failing")).breaker).toMatchObject({ state: "closed", failures: 2 });
  await askFor("failing");
  expect((await state("failing")).breaker).toMatchObject({ state: "open", failures: 3 });

  // a rest goes on
  expect((await state("resting")).resting_until).toBeString();
  await askAndWait(router, "", { model: "resting" });
  expect(engineOf("resting").talks).toHaveLength(1);

  // what runs counts, for the limit too
  expect((await state("streaming")).inflight).toBe(1);
  await askAndWait(router, "waits", { model: "streaming" });
  await (await engineOf("streaming").talk(0)).chunk("");
  expect(labelOf(await within(SOON_MS, engineOf("streaming").talk(1)))).toBe("waits");
});

test("another engine at another address begins anew", async () => {
  await using other = await teller("other", ["failed"]);
  await askFor("failed", 3);
  await change(router, table("failed", other, SLOWLY));
  expect((await state("failed")).breaker).toMatchObject({ state: "closed", failures: 0 });
  expect((await within(SOON_MS, ask(router, "", { model: "failed" }).answer)).status).toBe(200);
});

test("more patience with failures holds from the next one on", async () => {
  await askFor("failing", 2);
  await change(router, tables("failures = 5"));
  await askFor("failing", 2);
  expect((await state("failing")).breaker).toMatchObject({ state: "closed", failures: 4 });
  await askFor("failing");
  expect((await state("failing")).breaker).toMatchObject({ state: "open", failures: 5 });
});

test("a backend that is well again after a change is forgiven", async () => {
  await askFor("failing", 2);
  await change(router, tables("priority = 300"));
  engineOf("failing").behave((talk) => talk.answer(200, FINE));
  await askFor("failing");
  expect((await state("failing")).breaker).toMatchObject({ state: "closed", failures: 0 });
});
