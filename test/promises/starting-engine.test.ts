/** A llama-server that is loading its model is not dead: whoever asks for the model waits, and is served when it is there. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, type Asked, SOON_MS } from "../support/asking.ts";
import { eventually, within } from "../support/deadline.ts";
import { LLAMA_LOADING } from "../support/engine-shapes.ts";
import { type FakeEngine, fakeEngine, type Pages } from "../support/fake-engine.ts";
import { SILENT } from "../support/imitator-shapes.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { nothingInFlight } from "../support/settled.ts";
import { backendNamed, inflight } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const SERVER = { server: "llama.cpp" };

function llama(by: string): Pages {
  const list = { object: "list", data: [{ id: "m", object: "model", owned_by: "llamacpp" }] };
  return {
    pages: {
      "/props": () => Response.json({ build_info: "b1" }, { headers: SERVER }),
      "/v1/models": () => Response.json(list, { headers: SERVER }),
    },
    others: () => Response.json({ model: "m", by }, { headers: SERVER }),
  };
}

let engine: FakeEngine;
let router: Mellamo;

beforeEach(async () => {
  engine = fakeEngine(llama("first"));
  router = await start();
});

afterEach(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

function start(more: Readonly<Record<string, string | number>> = {}, toml = ""): Promise<Mellamo> {
  const health = '[health]\nprobe_interval = "50ms"\nfailures = 1\n';
  return routerOver({ b: { url: engine.url, ...more } }, health + toml);
}

/** It was restarted, and everybody can see it. */
async function load(on: Mellamo = router): Promise<void> {
  engine.become(LLAMA_LOADING);
  await eventually(SOON_MS, async () => !(await backendNamed("b", on)).up);
}

async function answerTo({ answer }: Asked): Promise<unknown> {
  const told = await within(SOON_MS, answer);
  return told.status === 200 ? told.json() : told.status;
}

/** How often it was asked for an answer. */
function tries(): number {
  return engine.asked.filter((path) => path === "/v1/chat/completions").length;
}

test.each(["/v1/chat/completions", "/v1/messages", "/v1/embeddings"])("on %s", async (path) => {
  await load();
  const asked = ask(router, "", { path });
  await eventually(SOON_MS, () => engine.asked.filter((one) => one === path).length >= 2);
  engine.become(llama("restarted"));
  expect(await answerTo(asked)).toEqual({ model: "m", by: "restarted" });
});

test("also where it began to load just then, and nobody knows yet", async () => {
  engine.become(LLAMA_LOADING);
  const asked = ask(router);
  await eventually(SOON_MS, () => tries() >= 2);
  engine.become(llama("restarted"));
  expect(await answerTo(asked)).toEqual({ model: "m", by: "restarted" });
});

/** It has been away for so long that it was given up for a while, and loads now. */
async function loadAfterOutage(on: Mellamo): Promise<void> {
  engine.become(SILENT);
  await eventually(SOON_MS, async () => (await backendNamed("b", on)).breaker.state === "open");
  engine.become(LLAMA_LOADING);
  await eventually(SOON_MS, async () => /starting/.test((await backendNamed("b", on)).trouble ?? ""));
}

test("also where it was away before, however long it would have been left alone for that", async () => {
  await using long = await start({ pause: "1h", max_pause: "1h", probe_timeout: "200ms" });
  await loadAfterOutage(long);
  const asked = ask(long);
  await eventually(SOON_MS, () => tries() >= 2);
  engine.become(llama("restarted"));
  expect(await answerTo(asked)).toEqual({ model: "m", by: "restarted" });
});

test("also whoever comes second after it was away, for longer than anybody waits for a place", async () => {
  await using brief = await start(
    { pause: "100ms", probe_timeout: "200ms" },
    '[routing]\nqueue_timeout = "500ms"\n',
  );
  await loadAfterOutage(brief);
  await eventually(SOON_MS, async () => (await backendNamed("b", brief)).breaker.state !== "open");
  const asked = [ask(brief), ask(brief), ask(brief)];
  await eventually(SOON_MS, () => tries() >= 2);
  await Bun.sleep(1000);
  engine.become(llama("restarted"));
  for (const each of asked) expect(await answerTo(each)).toEqual({ model: "m", by: "restarted" });
});

test("it has not failed by that, and its list stays", async () => {
  await load();
  const asked = ask(router);
  await eventually(SOON_MS, () => tries() >= 3);
  expect(await backendNamed("b", router)).toMatchObject({
    engine: "llamacpp",
    models: [{ id: "m" }],
    breaker: { state: "closed", failures: 0 },
  });
  const list = await (await fetch(`${router.url}/v1/models`)).text();
  expect(list).toContain('"id":"m"');
  engine.become(llama("restarted"));
  await answerTo(asked);
});

test("another backend that has the model in memory goes first, and takes over from one that waits", async () => {
  await using other = fakeEngine({ pages: { "/v1/models": { data: [] } } });
  await using both = await routerOver(
    { b: { url: engine.url, priority: 200 }, other: { url: other.url, engine: "openai" } },
    '[health]\nprobe_interval = "50ms"\n',
  );
  await load(both);
  const waits = ask(both);
  await eventually(SOON_MS, () => tries() >= 2);
  other.become({
    pages: { "/v1/models": { data: [{ id: "m" }] } },
    others: () => Response.json({ model: "m", by: "other" }),
  });
  expect(await answerTo(waits)).toEqual({ model: "m", by: "other" });
  await nothingInFlight(both);
});

test("a client that leaves while it loads is not asked for on and on", async () => {
  await load();
  const asked = ask(router);
  await eventually(SOON_MS, () => tries() >= 2);
  expect(await inflight(router)).toBe(1);
  asked.leave();
  await nothingInFlight(router);
});

test("it is waited for as long as for any first byte; then its own words are the answer", async () => {
  await using impatient = await start({ first_byte: "500ms" });
  await load(impatient);
  const answer = await within(SOON_MS, ask(impatient).answer);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    error: { message: "Loading model", type: "unavailable_error", code: 503 },
  });
  expect((await backendNamed("b", impatient)).breaker).toMatchObject({ state: "closed", failures: 0 });
});

test("no more wait at it than its limit allows; the rest queue, and all are served", async () => {
  await using narrow = await start({ max_inflight: 1 });
  await load(narrow);
  const asked = Array.from({ length: 4 }, () => ask(narrow));
  await eventually(SOON_MS, () => tries() >= 2);
  expect(await inflight(narrow)).toBe(1);
  engine.become(llama("restarted"));
  for (const each of asked) expect(await answerTo(each)).toEqual({ model: "m", by: "restarted" });
});

test("one of which nothing is known yet is waited for by nobody, and used once it is there", async () => {
  await using strange = fakeEngine(LLAMA_LOADING);
  await using fresh = await routerOver({ b: { url: strange.url } }, '[health]\nprobe_interval = "50ms"\n');
  const answer = await within(SOON_MS, ask(fresh).answer);
  expect([answer.status, answer.headers.has("retry-after")]).toEqual([503, true]);
  strange.become(llama("started"));
  await fresh.log.until(/event="backend up" backend=b /);
  expect(await answerTo(ask(fresh))).toEqual({ model: "m", by: "started" });
});
