/** A connection that dies before the answer begins, as stale ones of the pool do, is no failure: the second in a row is. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { eventually } from "../support/eventually.ts";
import { goodFor, heard, type Pair, pairOf } from "../support/pair.ts";
import { ALL_SHAPES } from "../support/shapes.ts";

/** How a connection dies, and how the router calls it where that is all there is to tell. */
const DEATHS: [how: string, die: Behaviour, why: string][] = [
  ["closes without a word", (talk) => talk.end(), "connection closed without an answer"],
  ["resets", (talk) => talk.reset(), "connection closed without an answer"],
  [
    "breaks off in its headers",
    (talk) => talk.send("HTTP/1.1 200 OK\r\ncontent-ty").then(() => talk.end()),
    "connection closed without an answer",
  ],
  [
    "breaks off behind its headers",
    (talk) => talk.begin(200).then(() => talk.reset()),
    "connection closed without an answer",
  ],
  [
    "breaks off a short answer",
    (talk) => talk.send('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"by"').then(() => talk.reset()),
    "connection closed without an answer",
  ],
  ["does not speak HTTP", (talk) => talk.send("SSH-2.0-OpenSSH_9.9\r\n\r\n"), "the answer is not HTTP"],
  ["answers with a status that is none", (talk) => talk.answer(999, "{}"), "answered with status 999"],
];

describe.each(ALL_SHAPES)("in $dialect's dialect", (shape) => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await pairOf(shape);
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  /** A connection is in the pool then, and nothing is held against the first. */
  async function warmUp(): Promise<void> {
    pair.first.behave(goodFor("first"));
    expect(await heard(await pair.ask())).toMatchObject({ status: 200, body: { by: "first" } });
    await eventually(
      () => pair.state(),
      ({ breaker, inflight }) => breaker.failures === 0 && inflight === 0,
    );
  }

  test.each(DEATHS)("one that %s is asked once more, on a new connection", async (_, die) => {
    const { first, second, ask, state } = pair;
    await warmUp();
    const before = [first.talks.length, second.talks.length] as const;
    first.behave((talk) => (talk.earlier > 0 ? die(talk) : goodFor("first")(talk)));
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "first" } });
    expect(first.talks.slice(before[0]).map(({ earlier }) => earlier > 0)).toEqual([true, false]);
    expect(second.talks.length).toBe(before[1]);
    expect((await state()).breaker).toMatchObject({ state: "closed", failures: 0 });
  });

  test.each(DEATHS)("one that %s twice has failed once, and the next is asked", async (_, die) => {
    const { first, ask, state } = pair;
    await warmUp();
    const before = first.talks.length;
    first.behave(die);
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 3, body: { by: "second" } });
    expect(first.talks.length - before).toBe(2);
    expect((await state()).breaker.failures).toBe(1);
  });

  test.each(DEATHS)(
    "where only one has the model, and it %s twice, the client is told",
    async (_, die, why) => {
      const { first, ask, state } = pair;
      await warmUp();
      first.behave(die);
      const answer = await ask("alone");
      expect(answer.headers.get("x-should-retry")).toBe("false");
      expect(await heard(answer)).toEqual({
        status: 502,
        attempts: 2,
        body: shape.error(`no backend could be reached: first: ${why}`, 502),
      });
      expect((await state()).breaker.failures).toBe(1);
    },
  );

  test("one that closes its connection after each answer is asked once each time", async () => {
    const { first, ask } = pair;
    await warmUp();
    const before = first.talks.length;
    first.behave(async (talk) => {
      await goodFor("first")(talk);
      talk.end();
    });
    for (let count = 1; count <= 3; count++) {
      expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
      await (
        await first.talk(before + count - 1)
      ).closed;
    }
    expect(first.talks.length - before).toBe(3);
  });

  test("one that dies of a request is asked in vain, and the next answers", async () => {
    await using own = await pairOf(shape);
    expect(await heard(await own.ask())).toMatchObject({ body: { by: "first" } });
    own.first.behave(() => own.first.stop());
    expect(await heard(await own.ask())).toEqual({ status: 200, attempts: 3, body: { by: "second" } });
    await own.router.log.until(/event="backend down" backend=first .*connection refused/);
  });
});
