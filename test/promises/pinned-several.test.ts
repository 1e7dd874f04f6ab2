/** A model that is pinned to several backends is shared and passed on among them as any other, and goes nowhere else. */

import { afterEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { type BackendTable, NOBODY, routerOver } from "../support/over.ts";
import { resolved } from "../support/resolved.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE: Behaviour = (talk) => talk.answer(200, '{"model":"m"}');
const HOLDS: Behaviour = () => {};

/** Both forms in which a pin may be written. */
const FORMS = ['m = ["b", "c"]', 'M = { backend = ["c", "b"], options = { temperature = 0 } }'];

let stack = new AsyncDisposableStack();
let engines: Readonly<Record<"a" | "b" | "c", RawBackend>>;
let router: Mellamo;

afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

/** Three backends that have "m" and "n", of which "a" would be asked first, and "m" is pinned to the others. */
async function start(
  settings: Readonly<Record<string, Omit<BackendTable, "url">>> = {},
  pin = FORMS[0],
): Promise<void> {
  const engine = async (): Promise<RawBackend> => stack.use(await rawBackend(["m", "n"], FINE));
  engines = { a: await engine(), b: await engine(), c: await engine() };
  const table = (name: "a" | "b" | "c", more: object) => ({
    url: engines[name].url,
    engine: "openai",
    ...more,
    ...settings[name],
  });
  router = stack.use(
    await routerOver(
      { a: table("a", { priority: 200 }), b: table("b", {}), c: table("c", {}) },
      [
        '[health]\nprobe_interval = "1h"\nprobe_timeout = "30s"\nfailures = 1000',
        `[models]\n${pin}`,
        "[aliases]",
        'fast = "m"',
        'either = { targets = ["m", "n"], strategy = "order" }',
        'elsewhere = { targets = [{ model = "m", backend = "a" }] }',
      ].join("\n"),
    ),
  );
}

/** Who answers, when it is asked so often one after the other; a status where nobody does. */
async function inTurn(times: number, model = "m"): Promise<string> {
  let places = "";
  for (let count = 0; count < times; count++) {
    const { status, headers } = await within(SOON_MS, ask(router, "", { model }).answer);
    places += status === 200 ? headers.get("x-mellamo-backend") : ` ${status}`;
  }
  return places;
}

function drain(name: string): Promise<Response> {
  return fetch(`${router.url}/mellamo/backends/${name}/drain`, { method: "POST" });
}

test.each(FORMS)("%s: they take turns", async (pin) => {
  await start({}, pin);
  expect(await inTurn(4)).toMatch(/^((bc){2}|(cb){2})$/);
  expect(await inTurn(4, "M:latest")).toMatch(/^((bc){2}|(cb){2})$/);
  expect(await inTurn(2, "n")).toBe("aa");
});

test("an alias shares them, too, and a target on another backend leads nowhere", async () => {
  await start();
  expect(await inTurn(4, "fast")).toMatch(/^((bc){2}|(cb){2})$/);
  expect(await inTurn(4, "either")).toMatch(/^((bc){2}|(cb){2})$/);
  expect(await inTurn(1, "elsewhere")).toBe(" 404");
  expect(engines.a.talks).toHaveLength(0);
});

test("by their weights", async () => {
  await start({ c: { weight: 3 } });
  const places = [...(await inTurn(8))];
  expect(places.filter((place) => place === "c")).toHaveLength(6);
  expect(places.filter((place) => place === "b")).toHaveLength(2);
});

test("by their priority, and the other when the first is full", async () => {
  await start({ c: { priority: 150, max_inflight: 1 } });
  engines.c.behave(HOLDS);
  const first = ask(router);
  await within(SOON_MS, engines.c.talk(0));
  expect(await inTurn(2)).toBe("bb");
  first.leave();
});

test("where all of them are full, requests wait for one of them, and do not overflow to others", async () => {
  await start({ b: { max_inflight: 1 }, c: { max_inflight: 1 } });
  for (const engine of [engines.b, engines.c]) engine.behave(HOLDS);
  ask(router);
  ask(router);
  await within(SOON_MS, Promise.all([engines.b.talk(0), engines.c.talk(0)]));
  const waiter = await askAndWait(router);
  engines.c.behave(FINE);
  await engines.c.talks[0]?.answer(200, '{"model":"m"}');
  expect((await within(SOON_MS, waiter.answer)).headers.get("x-mellamo-backend")).toBe("c");
  expect(engines.a.talks).toHaveLength(0);
});

test.each<[string, Behaviour]>([
  ["breaks the connection", (talk) => talk.reset()],
  ["is busy", (talk) => talk.answer(503, '{"error":"busy"}')],
])("where one %s, the other answers", async (_, behaviour) => {
  await start({ b: { priority: 150 } });
  engines.b.behave(behaviour);
  expect(await inTurn(1)).toBe("c");
  expect([engines.a.talks.length, engines.b.talks.length > 0]).toEqual([0, true]);
});

test("one that is down is passed over; where all are, it is 503 and no other is asked", async () => {
  await start();
  await engines.b.stop();
  expect(await inTurn(3)).toBe("ccc");
  await engines.c.stop();
  expect(await inTurn(1)).toMatch(/^ 50[23]$/);
  await eventually(SOON_MS, async () => (await inTurn(1)) === " 503");
  const { error } = (await (await ask(router).answer).json()) as { error: { message: string } };
  expect(error.message).toMatch(/^no backend that has "m" is up \(b: .*; c: .*\)$/);
  expect(engines.a.talks).toHaveLength(0);
  await engines.c.start();
  expect(await inTurn(1)).toBe("c");
});

test("backends that were never reached are waited for: it is 503, not 404", async () => {
  const a = stack.use(await rawBackend(["m"], FINE));
  const backends = { a: { url: a.url, engine: "openai" }, b: { url: NOBODY }, c: { url: NOBODY } };
  router = stack.use(await routerOver(backends, '[models]\nm = ["b", "c"]\n'));
  expect(await inTurn(1)).toBe(" 503");
  expect(a.talks).toHaveLength(0);
});

test("one that is drained gets nothing; where all are, it is 503", async () => {
  await start();
  await drain("b");
  expect(await inTurn(3)).toBe("ccc");
  await drain("c");
  expect(await inTurn(1)).toBe(" 503");
  await fetch(`${router.url}/mellamo/backends/b/resume`, { method: "POST" });
  expect(await inTurn(2)).toBe("bb");
  expect(engines.a.talks).toHaveLength(0);
});

test("resolve and lists know none but them", async () => {
  await start();
  const { candidates } = await resolved(router, "m");
  expect(candidates.map(({ backend }) => backend).toSorted()).toEqual(["b", "c"]);
  const { data } = (await (await fetch(`${router.url}/v1/models`)).json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toContain("m");
});
