/** Answers say which way they came, in headers, unless their owner does not want that. */

import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { type Said, say } from "../support/say.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const FINE: Behaviour = (talk) => talk.answer(200, '{"model":"m"}');

/** As those of a router that stands behind this one. */
const OTHERS = {
  "content-type": "application/json",
  "x-mellamo-backend": "inner",
  "X-Mellamo-Model": "secret",
  "x-mellamo-queue-ms": "99",
  "x-mellamo-later": "1",
};

const ALL = ["backend", "model", "attempts", "queue-ms"];

/** Models whose names no header may hold as they are, and what it holds. */
const NAMES: readonly (readonly [name: string, written: string])[] = [
  ["qwen3:32b", "qwen3:32b"],
  ["org/Llama-3.1@q4_K_M+x~(1)", "org/Llama-3.1@q4_K_M+x~(1)"],
  ["größe", "gr%C3%B6%C3%9Fe"],
  ["模型:7b", "%E6%A8%A1%E5%9E%8B%3A7b"],
  ["\u{1f999}", "%F0%9F%A6%99"],
  ["with blanks in it", "with%20blanks%20in%20it"],
  ["100%", "100%25"],
  ["a%20b", "a%2520b"],
  ["x\ud800y", "x%EF%BF%BDy"],
];

let first: RawBackend;
let second: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  first = await rawBackend(["m", "alone", ...NAMES.map(([name]) => name)], FINE, "ollama");
  second = await rawBackend(["m"], FINE, "ollama");
  router = await routerOver(
    {
      first: { url: first.url, engine: "ollama", priority: 200 },
      second: { url: second.url, engine: "ollama" },
    },
    '[health]\nfailures = 1000\n[aliases]\nalias = "m"\n',
  );
});

beforeEach(() => {
  first.behave(FINE);
  second.behave(FINE);
});

afterAll(async () => {
  await Promise.all([router, first, second].map((each) => each[Symbol.asyncDispose]()));
});

/** The headers that tell of the way, without their common beginning. */
function wayOf({ headers }: Pick<Said, "headers">): Record<string, string> {
  const mine = [...headers].filter(([name]) => name.startsWith("x-mellamo-"));
  return Object.fromEntries(mine.map(([name, value]) => [name.slice("x-mellamo-".length), value]));
}

async function chat(model: string, path = "/v1/chat/completions"): Promise<Response> {
  return within(SOON_MS, ask(router, "", { model, path, more: { messages: [] } }).answer);
}

const STRAIGHT = { backend: "first", model: "m", attempts: "1", "queue-ms": "0" };

test.each([
  "/api/chat",
  "/api/generate",
  "/api/embed",
  "/api/embeddings",
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/responses",
  "/v1/messages",
])("on %s they name the backend, its name for the model, the attempts and the wait", async (path) => {
  expect(wayOf(await chat("alias", path))).toEqual(STRAIGHT);
});

test("on a stream, too", async () => {
  first.behave(async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk('data: {"model":"m"}\n\n');
    await talk.chunk("");
  });
  const answer = await chat("alias");
  expect(wayOf(answer)).toEqual(STRAIGHT);
  expect(await answer.text()).toBe('data: {"model":"alias"}\n\n');
});

test("on an engine's error", async () => {
  first.behave((talk) => talk.answer(400, '{"error":"no"}'));
  expect(wayOf(await chat("m"))).toEqual(STRAIGHT);
});

test("on the answer of another backend, with every attempt counted", async () => {
  first.behave((talk) => talk.answer(502, ""));
  expect(wayOf(await chat("m"))).toEqual({ ...STRAIGHT, backend: "second", attempts: "2" });
  // a connection that breaks is tried once more on a new one
  first.behave((talk) => talk.reset());
  expect(wayOf(await chat("m"))).toEqual({ ...STRAIGHT, backend: "second", attempts: "3" });
});

test("on a refusal after which nobody is left, with whose it is", async () => {
  first.behave((talk) => talk.answer(429, "{}", { "retry-after": "0" }));
  second.behave((talk) => talk.answer(503, "{}"));
  const answer = await chat("m");
  expect([answer.status, wayOf(answer)]).toEqual([429, { ...STRAIGHT, attempts: "2" }]);
});

test.each(["/api/chat", "/v1/chat/completions", "/v1/messages"])(
  "on %s after attempts that nobody has answered",
  async (path) => {
    first.behave((talk) => talk.reset());
    const answer = await chat("alone", path);
    expect([answer.status, answer.headers.get("x-mellamo-attempts")]).toEqual([502, "2"]);
    expect(answer.headers.get("x-mellamo-queue-ms")).toBe("0");
  },
);

test("not where no backend was asked", async () => {
  for (const request of ["GET /api/tags", "GET /v1/models", "GET /healthz", "GET /nowhere", "PUT /api/chat"])
    expect(wayOf(await say(router.port, request))).toEqual({});
  expect(wayOf(await chat("unknown"))).toEqual({});
});

test.each(["POST /api/pull", "POST /api/show"])("on calls about models: %s", async (request) => {
  first.behave((talk) => talk.answer(200, '{"status":"success"}', OTHERS));
  const said = await say(router.port, request, [], '{"model":"alone"}');
  expect([said.status, wayOf(said)]).toMatchObject([200, { backend: "first", attempts: "1" }]);
  expect(wayOf(said)["later"]).toBeUndefined();
});

test("those of a router behind this one never reach the client", async () => {
  first.behave((talk) => talk.answer(200, '{"model":"m"}', OTHERS));
  expect(wayOf(await chat("m"))).toEqual(STRAIGHT);
  first.behave(async (talk) => {
    await talk.begin(200, { ...OTHERS, "content-type": "application/x-ndjson" });
    await talk.chunk('{"model":"m"}\n');
    await talk.chunk("");
  });
  expect(wayOf(await chat("m"))).toEqual(STRAIGHT);
  first.behave((talk) => talk.answer(500, '{"error":"no"}', OTHERS));
  expect(wayOf(await chat("m"))).toEqual(STRAIGHT);
});

test.each(NAMES)("a model called %p is written so that any client can read it", async (name, written) => {
  const said = await say(router.port, "POST /v1/chat/completions", [], JSON.stringify({ model: name }));
  expect([said.status, wayOf(said)]).toEqual([200, { ...STRAIGHT, model: written }]);
});

describe("with headers = false", () => {
  let silent: Mellamo;

  beforeAll(async () => {
    silent = await routerOver(
      { first: { url: first.url, engine: "ollama" } },
      "[server]\nheaders = false\n[routing]\nqueue_size = 0\n",
    );
  });

  afterAll(() => silent[Symbol.asyncDispose]());

  test.each([200, 400, 502])("there are none on a %d, neither its own nor others'", async (status) => {
    first.behave((talk) => talk.answer(status, "{}", OTHERS));
    const said = await say(silent.port, "POST /v1/chat/completions", [], '{"model":"m"}');
    expect([said.status, wayOf(said)]).toEqual([status, {}]);
    expect(said.headers.has("x-request-id")).toBe(true);
  });

  test("nor on a problem of its own", async () => {
    first.behave((talk) => talk.reset());
    const said = await say(silent.port, "POST /api/chat", [], '{"model":"m"}');
    expect([said.status, wayOf(said)]).toEqual([502, {}]);
  });
});

test("each is there once, and is a header that HTTP allows", async () => {
  const said = await say(router.port, "POST /v1/chat/completions", [], '{"model":"模型:7b"}');
  for (const name of ALL) expect(said.headers.get(`x-mellamo-${name}`)).toMatch(/^[\x21-\x7e]+$/);
  expect(Object.keys(wayOf(said)).toSorted()).toEqual(ALL.toSorted());
});
