/** A backend that its owner wants for something else finishes what it is doing, and gets nothing new until it is back. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, type Asked, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';

let first: RawBackend;
let second: RawBackend;
let router: Mellamo;

beforeEach(async () => {
  first = await rawBackend(["m", "alone"], (talk) => talk.answer(200, FINE));
  second = await rawBackend(["m"], (talk) => talk.answer(200, FINE));
  router = await routerOver(
    {
      first: { url: first.url, engine: "openai", priority: 200 },
      second: { url: second.url, engine: "openai" },
    },
    '[health]\nprobe_interval = "50ms"\n',
  );
});

afterEach(async () => {
  await Promise.all([router, first, second].map((each) => each[Symbol.asyncDispose]()));
});

async function tell(name: string, deed: "drain" | "resume", body = ""): Promise<void> {
  const response = await fetch(`${router.url}/mellamo/backends/${name}/${deed}`, { method: "POST", body });
  expect(response.status).toBe(200);
}

async function backendOf({ answer }: Asked): Promise<string | null> {
  const { status, headers } = await within(SOON_MS, answer);
  return status === 200 ? headers.get("x-mellamo-backend") : String(status);
}

test("what it streams goes on to its end, and nothing new goes there", async () => {
  first.behave(async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk("data: 1\n\n");
  });
  const { answer } = ask(router);
  const stream = await within(SOON_MS, first.talk(0));
  const text = within(SOON_MS, answer).then((response) => response.text());
  await tell("first", "drain");
  for (let times = 0; times < 3; times++) expect(await backendOf(ask(router))).toBe("second");
  expect((await backendNamed("first", router)).inflight).toBe(1);
  await stream.chunk("data: 2\n\n");
  await stream.chunk("");
  expect(await text).toBe("data: 1\n\ndata: 2\n\n");
  expect(first.talks).toHaveLength(1);
});

test("whoever has waited for its first byte gets it", async () => {
  first.behave(() => {});
  const asked = ask(router);
  const talk = await within(SOON_MS, first.talk(0));
  await tell("first", "drain");
  await talk.answer(200, FINE);
  expect(await backendOf(asked)).toBe("first");
});

test("it is back when it is resumed, and what goes there goes there again", async () => {
  await tell("first", "drain");
  expect(await backendOf(ask(router))).toBe("second");
  await tell("first", "resume");
  expect(await backendOf(ask(router))).toBe("first");
});

test("it is back by itself when its time is over", async () => {
  await tell("first", "drain", '{"for":"500ms"}');
  await eventually(SOON_MS, async () => (await backendOf(ask(router))) === "first");
  expect((await backendNamed("first", router)).drained).toBeNull();
  expect(router.log.text).toMatch(/event="backend drained" backend=first until=\d{4}-/);
  expect(router.log.text).toMatch(/event="backend resumed" backend=first/);
});

test("its models stay listed, and it is looked at as before", async () => {
  await tell("first", "drain");
  const looks = first.looks();
  await eventually(SOON_MS, () => first.looks() > looks + 3);
  expect(await (await fetch(`${router.url}/v1/models`)).text()).toContain('"id":"alone"');
  expect(await backendNamed("first", router)).toMatchObject({ up: true, trouble: null });
});

test("it stays drained through an outage", async () => {
  await tell("first", "drain");
  await first.stop();
  await router.log.until(/event="backend down" backend=first/);
  await first.start();
  await eventually(SOON_MS, async () => (await backendNamed("first", router)).up);
  expect(await backendOf(ask(router))).toBe("second");
});

test("who wants what it alone has is told, and until when where that is known", async () => {
  await tell("first", "drain");
  const forever = await within(SOON_MS, ask(router, "", { model: "alone" }).answer);
  expect([forever.status, forever.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await forever.json()).toMatchObject({
    error: { message: 'no backend that has "alone" can serve it now (first: drained)' },
  });
  await tell("first", "drain", '{"for":"90m"}');
  const brief = await within(SOON_MS, ask(router, "", { model: "alone" }).answer);
  expect(Number(brief.headers.get("retry-after"))).toBeWithin(5000, 5401);
  expect(await brief.text()).toMatch(/\(first: drained for 1 h (30|29) min\)/);
});

test("a failed request does not turn to it, either", async () => {
  await tell("second", "drain");
  first.behave((talk) => talk.answer(502, ""));
  expect(await backendOf(ask(router))).toBe("502");
  expect(second.talks).toHaveLength(0);
});

test("a conversation goes elsewhere meanwhile", async () => {
  const turn = { more: { messages: [{ role: "user", content: "hello" }] } };
  expect(await backendOf(ask(router, "", turn))).toBe("first");
  await tell("first", "drain");
  expect(await backendOf(ask(router, "", turn))).toBe("second");
});

test.each(["/api/show", "/api/pull", "/api/push", "/api/create"])(
  "nor do calls about models: %s",
  async (path) => {
    await using ollama = await rawBackend(
      ["o"],
      (talk) => talk.answer(200, '{"status":"success"}'),
      "ollama",
    );
    await using managed = await routerOver({ o: { url: ollama.url, engine: "ollama" } });
    await fetch(`${managed.url}/mellamo/backends/o/drain`, { method: "POST" });
    const answer = await within(SOON_MS, ask(managed, "", { model: "o", path }).answer);
    expect([answer.status, answer.headers.has("retry-after"), ollama.talks.length]).toEqual([503, true, 0]);
    expect(await answer.text()).toContain("drained");
  },
);

test("who waits for a place elsewhere is not let in there", async () => {
  await using narrow = await routerOver({
    first: { url: first.url, engine: "openai" },
    second: { url: second.url, engine: "openai", max_inflight: 1 },
  });
  await fetch(`${narrow.url}/mellamo/backends/first/drain`, { method: "POST" });
  second.behave(() => {});
  ask(narrow);
  const talk = await within(SOON_MS, second.talk(0));
  const waits = await askAndWait(narrow);
  second.behave((next) => next.answer(200, FINE));
  await talk.answer(200, FINE);
  expect(await backendOf(waits)).toBe("second");
  expect(first.talks).toHaveLength(0);
});
