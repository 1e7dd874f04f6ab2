/** A backend that takes a request and says nothing is given up after `first_byte`, and is not asked for the same again. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { goodFor, heard, markOf, type Pair, pairOf } from "../support/pair.ts";
import { ALL_SHAPES, OPENAI } from "../support/shapes.ts";

const FIRST_BYTE_MS = 600;
const SECTIONS = { timeouts: { connect: "1s", idle: "1m" } };

/** What comes before there is anything for the client. */
const SILENCES: Readonly<Record<string, Behaviour>> = {
  "says nothing": () => {},
  "stops within its headers": (talk) => talk.send("HTTP/1.1 200 OK\r\ncontent-ty"),
  "says nothing but its headers": (talk) => talk.begin(200),
  "promises a short answer": (talk) => talk.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"),
};

describe.each(ALL_SHAPES)("in $dialect's dialect", (shape) => {
  const { streamType, record, error } = shape;
  let pair: Pair;

  const slow: Behaviour = async (talk) => {
    await talk.begin(200, { "content-type": streamType });
    await talk.chunk(record("a"));
    await Bun.sleep(FIRST_BYTE_MS * 2);
    await talk.chunk(record("b"));
    await talk.chunk("");
  };
  const busy: Behaviour = (talk) =>
    talk.answer(503, JSON.stringify(error("out of workers", 503)), {
      "content-type": "application/json",
      "retry-after": "9",
    });

  beforeAll(async () => {
    pair = await pairOf(shape, SECTIONS, { first_byte: `${FIRST_BYTE_MS}ms` });
    const firsts: Readonly<Record<string, Behaviour>> = { ...SILENCES, slow, "": goodFor("first") };
    const seconds: Readonly<Record<string, Behaviour>> = { busy, dying: (talk) => talk.reset() };
    pair.first.behave((talk) => (firsts[markOf(talk)] ?? (() => {}))(talk));
    pair.second.behave((talk) => (seconds[markOf(talk)] ?? goodFor("second"))(talk));
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  /** It was asked once, and not kept from other work. */
  async function expectGivenUp(mark: string): Promise<void> {
    const talks = pair.first.talks.filter((talk) => markOf(talk) === mark);
    expect(talks).toHaveLength(1);
    for (const { closed } of talks) await within(10_000, closed);
  }

  test("one that says nothing has failed", async () => {
    await (await pair.ask("m")).text();
    await (await pair.ask("m", "and nothing more")).text();
    expect(await pair.state()).toMatchObject({ up: true, inflight: 0, breaker: { failures: 1 } });
  });

  test.concurrent.each(Object.keys(SILENCES))("where one %s, the next is asked", async (silence) => {
    expect(await heard(await pair.ask("m", silence))).toEqual({
      status: 200,
      attempts: 2,
      body: { by: "second" },
    });
    await expectGivenUp(silence);
  });

  test.concurrent("where the only one says nothing, the client is told", async () => {
    const answer = await pair.ask("alone", "alone");
    expect(answer.headers.get("x-should-retry")).toBe("false");
    const told = "no backend has answered in time: first: no first byte in time";
    expect(await heard(answer)).toEqual({ status: 504, attempts: 1, body: error(told, 504) });
    await expectGivenUp("alone");
  });

  test.concurrent("where one says nothing and the next dies, not all were late", async () => {
    const why =
      "no backend could be reached: first: no first byte in time; second: connection closed without an answer";
    expect(await heard(await pair.ask("m", "dying"))).toEqual({
      status: 502,
      attempts: 3,
      body: error(why, 502),
    });
  });

  test.concurrent("where one says nothing and the next is busy, the client gets its words", async () => {
    const answer = await pair.ask("m", "busy");
    expect(answer.headers.get("retry-after")).toBe("9");
    const body = error("out of workers", 503);
    expect(await heard(answer)).toEqual({ status: 503, attempts: 2, body });
  });

  test.concurrent("an answer that has begun in time may go on for longer", async () => {
    const answer = await pair.ask("m", "slow");
    expect(await answer.text()).toBe(record("a") + record("b"));
  });
});

test("one that stops within a short answer is given up after `idle`, and the next is asked", async () => {
  await using pair = await pairOf(OPENAI, { timeouts: { first_byte: "1m", idle: "600ms" } });
  const { first, ask } = pair;
  first.behave((talk) => talk.send('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"by"'));
  expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
});
