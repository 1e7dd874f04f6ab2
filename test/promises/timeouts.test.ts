/** How long an engine may be silent is three things: until it is connected, until its first byte, and between two pieces. */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, type Question, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { type DeafPort, deafPort } from "../support/deaf-port.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { type BackendTable, routerOver } from "../support/over.ts";
import { nothingInFlight } from "../support/settled.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE: Behaviour = (talk) => talk.answer(200, '{"model":"m"}');
const EVENTS = { "content-type": "text/event-stream" };

const SILENT: Behaviour = () => {};
const HEADERS_ALONE: Behaviour = (talk) => talk.begin(200, EVENTS);
const ONE_PIECE: Behaviour = async (talk) => {
  await talk.begin(200, EVENTS);
  await talk.chunk("data: 1\n\n");
};

/** Each has a model of its name; one more has "m", and is asked for that when another has failed. */
const ENGINES: readonly (readonly [name: string, behaviour: Behaviour, more: Omit<BackendTable, "url">])[] = [
  ["silent", SILENT, { first_byte: "300ms" }],
  ["headers", HEADERS_ALONE, { first_byte: "300ms" }],
  ["stalls", ONE_PIECE, { idle: "300ms" }],
  ["thinks", SILENT, { connect: "100ms", idle: "100ms" }],
];

const stack = new AsyncDisposableStack();
const engines = new Map<string, RawBackend>();
let deaf: DeafPort;
let router: Mellamo;

beforeAll(async () => {
  deaf = stack.use(await deafPort());
  const tables: Record<string, BackendTable> = {};
  for (const [name, behaviour, more] of ENGINES) {
    const engine = stack.use(await rawBackend([name], behaviour, "ollama"));
    engines.set(name, engine);
    tables[name] = { url: engine.url, engine: "ollama", ...more };
  }
  const fine = stack.use(await rawBackend(["m"], FINE, "ollama"));
  router = stack.use(
    await routerOver(
      {
        ...tables,
        fine: { url: fine.url, engine: "ollama" },
        // whether it is up is not found out in the course of these tests
        deaf: { url: deaf.url, engine: "openai", priority: 200, connect: "300ms", probe_timeout: "1h" },
      },
      `[health]\nprobe_interval = "1h"\nfailures = 1000\n[aliases]\n${["silent", "headers", "thinks"].map(thenFine).join("")}`,
    ),
  );
  await deaf.goDeaf();
});

afterAll(() => stack.disposeAsync());

/** An alias for the model of one engine and, where that fails, of the one that is well. */
function thenFine(name: string): string {
  return `${name}-or-fine = { strategy = "order", targets = ["${name}", { model = "m", backend = "fine" }] }\n`;
}

async function answerTo(question: Question): Promise<[status: number, body: unknown]> {
  const answer = await within(SOON_MS, ask(router, "", question).answer);
  return [answer.status, await answer.json()];
}

function lateAs(path: string, why: string): unknown {
  const message = `no backend has answered in time: ${why}`;
  if (path.startsWith("/api/")) return { error: message };
  if (path === "/v1/messages")
    return {
      type: "error",
      error: { type: "api_error", message },
      request_id: expect.any(String) as string,
    };
  return { error: { message, type: "api_error", param: null, code: null } };
}

describe.concurrent.each(["/api/chat", "/v1/chat/completions", "/v1/messages"])("on %s", (path) => {
  test.each(["silent", "headers"])("no first byte in time (%s): 504", async (model) => {
    const [status, body] = await answerTo({ model, path });
    expect([status, body]).toEqual([504, lateAs(path, `${model}: no first byte in time`)]);
  });

  test.each(["silent", "headers"])("another backend answers in place of one that is %s", async (name) => {
    const [status] = await answerTo({ model: `${name}-or-fine`, path });
    expect(status).toBe(200);
  });
});

test("no connection in time: another backend answers, or 504, long before a first byte would be late", async () => {
  expect(await answerTo({ model: "m" })).toEqual([200, { model: "m" }]);
  const [status, body] = await answerTo({ model: "m", path: "/v1/rerank" });
  expect([status, body]).toEqual([504, lateAs("/v1/rerank", "deaf: connection timed out")]);
});

test("a stream that falls silent is broken off, not ended, and its engine is let go", async () => {
  using client = await rawClient(router.port);
  client.send(post("/v1/chat/completions", '{"model":"stalls","stream":true}'));
  await client.until(/data: 1/);
  expect(await within(SOON_MS, client.ended)).toBe("reset");
  expect(client.received()).not.toEndWith("0\r\n\r\n");
  const engine = engines.get("stalls");
  await within(SOON_MS, (await engine?.talk(0))?.closed ?? Promise.reject(new Error("It was not asked")));
  await nothingInFlight(router);
  await router.log.until(/model=stalls backend=stalls .*end="engine silent"/);
});

test("each of these is a failure of the backend", async () => {
  for (const name of ["silent", "headers", "stalls"]) {
    const before = (await backendNamed(name, router)).breaker.failures;
    const answer = await within(SOON_MS, ask(router, "", { model: name }).answer);
    await answer.text().catch(() => {});
    await nothingInFlight(router);
    expect((await backendNamed(name, router)).breaker.failures).toBe(before + 1);
  }
});

test("to think for longer than a connection or a pause may take is no silence", async () => {
  const engine = engines.get("thinks");
  const { answer } = ask(router, "", { model: "thinks-or-fine" });
  const talk = await within(SOON_MS, engine?.talk(0) ?? Promise.reject(new Error("There is none")));
  await Bun.sleep(1000);
  await FINE(talk);
  const { status, headers } = await within(SOON_MS, answer);
  expect([status, headers.get("x-mellamo-backend")]).toEqual([200, "thinks"]);
});
