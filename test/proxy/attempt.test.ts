/** One try at one backend ends in one of five ways, and is counted in and out exactly once. */

import { afterEach, beforeEach, describe, expect, test } from "bun:test";

import type { Backend } from "../../src/fleet/backend.ts";
import { soleCandidate } from "../../src/fleet/survey.ts";
import { drop } from "../../src/proxy/answer.ts";
import { attempt, type Outcome } from "../../src/proxy/attempt.ts";
import type { Call } from "../../src/proxy/call.ts";
import { Flow } from "../../src/proxy/flow.ts";
import type { Placed } from "../../src/proxy/line.ts";
import { systemTraffic } from "../../src/traffic/traffic.ts";
import { type Behaviour, type RawBackend, rawBackend } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { backendAt } from "../support/fake-engine.ts";
import { NOBODY } from "../support/over.ts";

const traffic = systemTraffic();
let engine: RawBackend;
let backend: Backend;

beforeEach(async () => {
  engine = await rawBackend(["m"], () => {});
  backend = backendAt(engine.url, { engine: "openai" });
});

afterEach(async () => {
  backend.session.close();
  await engine[Symbol.asyncDispose]();
});

function placeAt(at: Backend): Placed {
  return { candidate: soleCandidate(at, "m"), slot: traffic.take(at) };
}

function callWith(signal = new AbortController().signal): Call {
  return {
    method: "POST",
    path: "/v1/chat/completions",
    search: "?x=1",
    headers: new Headers(),
    body: ({ model }) => new TextEncoder().encode(JSON.stringify({ model: model.id })),
    contentType: "application/json",
    signal,
    replayable: true,
    echo: true,
    via: "mellamo-test",
  };
}

function tryIt(behaviour: Behaviour, signal?: AbortSignal): Promise<Outcome> {
  engine.behave(behaviour);
  return attempt(callWith(signal), placeAt(backend), false, traffic.clock);
}

describe("answered", () => {
  test("a short answer is all here, and no longer counted", async () => {
    const outcome = await tryIt((talk) => talk.answer(200, '{"model":"m"}'));
    expect(outcome.kind === "answered" && outcome.answer.body).toEqual(
      new TextEncoder().encode('{"model":"m"}'),
    );
    expect(backend.calls).toBe(0);
    expect(engine.talks[0]?.path).toBe("/v1/chat/completions?x=1");
    expect(engine.talks[0]?.body.toString()).toBe('{"model":"m"}');
  });

  test.each(["in chunks", "longer than is kept"])(
    "an answer that is %s counts until it is let go, once",
    async (how) => {
      const outcome = await tryIt(async (talk) => {
        if (how === "in chunks") {
          await talk.begin(200);
          await talk.chunk("first");
        } else await talk.answer(200, "x".repeat(70_000));
      });
      expect(outcome.kind).toBe("answered");
      if (outcome.kind !== "answered") return;
      expect(outcome.answer.body).toBeInstanceOf(Flow);
      expect(backend.calls).toBe(1);
      await drop(outcome.answer);
      await drop(outcome.answer);
      expect(backend.calls).toBe(0);
      if (how === "in chunks") await within(2000, (await engine.talk(0)).closed);
    },
  );

  test("an answer without a body is over at once", async () => {
    const outcome = await tryIt((talk) => talk.send("HTTP/1.1 204 No Content\r\n\r\n"));
    expect(outcome.kind === "answered" && outcome.answer.body).toBeNull();
    expect(backend.calls).toBe(0);
  });

  test.each([400, 404, 429, 500, 503])("status %p is an answer", async (status) => {
    const outcome = await tryIt((talk) => talk.answer(status, '{"error":{"message":"no"}}'));
    expect(outcome.kind === "answered" && outcome.answer.status).toBe(status);
  });

  test("a redirect is not followed", async () => {
    const outcome = await tryIt((talk) => talk.answer(302, "", { location: `${engine.url}/elsewhere` }));
    expect(outcome.kind === "answered" && outcome.answer.status).toBe(302);
    expect(engine.talks).toHaveLength(1);
  });
});

test.each([
  [NOBODY, "connection refused"],
  ["http://nosuch.invalid", "host not found"],
])("unreachable: %s, %s", async (origin, why) => {
  const nobody = backendAt(origin);
  const outcome = await attempt(callWith(), placeAt(nobody), false, traffic.clock);
  expect(outcome).toEqual({ kind: "unreachable", why, isLate: false });
  expect(nobody.calls).toBe(0);
});

test("unreachable: a port that speaks no TLS", async () => {
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n") },
  });
  const secure = backendAt(`https://127.0.0.1:${server.port}`);
  const outcome = await attempt(callWith(), placeAt(secure), false, traffic.clock);
  expect(outcome).toEqual({ kind: "unreachable", why: "no TLS on that port", isLate: false });
  server.stop(true);
});

test.each<[string, Behaviour, string]>([
  ["a reset", (talk) => talk.reset(), "connection closed without an answer"],
  ["an end", (talk) => talk.end(), "connection closed without an answer"],
  [
    "half a head",
    async (talk) => {
      await talk.send("HTTP/1.1 200 OK\r\nContent-");
      talk.end();
    },
    "connection closed without an answer",
  ],
  [
    "half of a short answer",
    async (talk) => {
      await talk.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf");
      talk.end();
    },
    "connection closed without an answer",
  ],
  [
    "something that is not HTTP",
    (talk) => talk.send("SSH-2.0-OpenSSH_9.9\r\n\r\n"),
    "the answer is not HTTP",
  ],
  [
    "a status that is none",
    (talk) => talk.send("HTTP/1.1 700 What\r\nContent-Length: 2\r\n\r\n{}"),
    "answered with status 700",
  ],
])("broken: %s", async (_, behaviour, why) => {
  expect(await tryIt(behaviour)).toEqual({ kind: "broken", why });
  expect(backend.calls).toBe(0);
});

test("lacking: the engine says that it has no such path", async () => {
  const outcome = await tryIt((talk) => talk.answer(404, '{"detail":"Not Found"}'));
  expect(outcome).toEqual({ kind: "lacking" });
  expect(backend.calls).toBe(0);
});

test.each(["before an answer", "in the middle of a short one"])(
  "gone: the client leaves %s",
  async (when) => {
    const client = new AbortController();
    const pending = tryIt(async (talk) => {
      if (when !== "before an answer") await talk.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf");
    }, client.signal);
    const talk = await engine.talk(0);
    expect(backend.calls).toBe(1);
    client.abort(new DOMException("left", "AbortError"));
    expect(await within(2000, pending)).toEqual({ kind: "gone" });
    expect(backend.calls).toBe(0);
    await within(2000, talk.closed);
  },
);
