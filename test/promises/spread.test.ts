/** Requests go where the least is in flight for what a backend is good for, and backends that are alike take turns. */

import { afterEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { type BackendTable, routerOver } from "../support/over.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE: Behaviour = (talk) => talk.answer(200, '{"model":"m"}');
const HOLDS: Behaviour = () => {};

const ALIASES = `[health]
probe_interval = "50ms"
[aliases]
weighed = { targets = [{ model = "m", backend = "a", weight = 3 }, { model = "m", backend = "b" }] }
beside = { targets = [{ model = "m", backend = "a", weight = 1 }, { model = "m", backend = "b", weight = 1 }] }
`;

let stack = new AsyncDisposableStack();
const engines = new Map<string, RawBackend>();
let router: Mellamo;

afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
  engines.clear();
});

/** Backends that have "m" and do the same, each with settings of its own. */
async function start(
  behaviour: Behaviour,
  settings: Readonly<Record<string, Omit<BackendTable, "url">>>,
): Promise<void> {
  const tables: Record<string, BackendTable> = {};
  for (const [name, more] of Object.entries(settings)) {
    const engine = stack.use(await rawBackend(["m"], behaviour));
    engines.set(name, engine);
    tables[name] = { url: engine.url, engine: "openai", ...more };
  }
  router = stack.use(await routerOver(tables, ALIASES));
}

/** Asks so often, one after the other, and returns who answered. */
async function inTurn(times: number, model = "m"): Promise<string> {
  let places = "";
  for (let count = 0; count < times; count++) {
    const { headers } = await within(SOON_MS, ask(router, "", { model }).answer);
    places += headers.get("x-mellamo-backend");
  }
  return places;
}

/** Asks, without waiting for answers, until so many were asked for in all; returns how many each has got. */
async function atOnce(times: number, model = "m"): Promise<Record<string, number>> {
  for (let count = total() + 1; count <= times; count++) {
    ask(router, "", { model });
    await eventually(SOON_MS, () => total() === count);
  }
  return counts();
}

function counts(): Record<string, number> {
  return Object.fromEntries([...engines].map(([name, { talks }]) => [name, talks.length]));
}

function total(): number {
  return Object.values(counts()).reduce((sum, count) => sum + count, 0);
}

function countsOf(places: string): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(places, (place) => place)].map(([place, all]) => [place, all.length]),
  );
}

test("two that are alike take turns", async () => {
  await start(FINE, { a: {}, b: {} });
  expect(["abababab", "babababa"]).toContain(await inTurn(8));
});

test("so do three, and those beside them do not disturb their turns", async () => {
  await start(FINE, { a: {}, b: {}, c: {}, d: { priority: 1 } });
  const places = await inTurn(9);
  expect(new Set(places.slice(0, 3))).toEqual(new Set(["a", "b", "c"]));
  expect(places).toBe(places.slice(0, 3).repeat(3));
});

test.each([
  [3, 1, { a: 9, b: 3 }],
  [1, 2, { a: 4, b: 8 }],
  [0.5, 1, { a: 4, b: 8 }],
])("of weights %p and %p, one after the other", async (a, b, expected) => {
  await start(FINE, { a: { weight: a }, b: { weight: b } });
  expect(countsOf(await inTurn(12))).toEqual(expected);
});

test.each([
  [1, 1, { a: 6, b: 6 }],
  [3, 1, { a: 9, b: 3 }],
  [1, 2, { a: 4, b: 8 }],
])("of weights %p and %p, all at once", async (a, b, expected) => {
  await start(HOLDS, { a: { weight: a }, b: { weight: b } });
  expect(await atOnce(12)).toEqual(expected);
});

test("an alias may weigh its targets, one after the other", async () => {
  await start(FINE, { a: {}, b: {} });
  expect(countsOf(await inTurn(12, "weighed"))).toEqual({ a: 9, b: 3 });
});

test("an alias may weigh its targets, all at once", async () => {
  await start(HOLDS, { a: {}, b: {} });
  expect(await atOnce(12, "weighed")).toEqual({ a: 9, b: 3 });
});

test("a target's weight stands in place of its backend's", async () => {
  await start(HOLDS, { a: { weight: 3 }, b: { weight: 1 } });
  expect(await atOnce(12, "beside")).toEqual({ a: 6, b: 6 });
});

test("whoever has less to do goes first, whosever turn it is", async () => {
  await start(HOLDS, { a: {}, b: {} });
  await fetch(`${router.url}/mellamo/backends/b/drain`, { method: "POST" });
  await atOnce(3);
  await fetch(`${router.url}/mellamo/backends/b/resume`, { method: "POST" });
  expect(await atOnce(6)).toEqual({ a: 3, b: 3 });
});

test("one that was away for long does not have to make up for it", async () => {
  await start(FINE, { a: {}, b: {} });
  await engines.get("b")?.stop();
  await eventually(SOON_MS, async () => !(await backendNamed("b", router)).up);
  expect(await inTurn(8)).toBe("aaaaaaaa");
  await engines.get("b")?.start();
  await eventually(SOON_MS, async () => (await backendNamed("b", router)).up);
  expect(["bababa", "bbabab", "ababab"]).toContain(await inTurn(6));
});
