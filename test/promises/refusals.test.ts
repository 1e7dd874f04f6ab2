/** A backend that cannot just now (429, 502, 503, 504) is passed over, and heard only where nobody else has an answer. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import type { Behaviour, Talk } from "../support/backend.ts";
import { within } from "../support/deadline.ts";
import { eventually } from "../support/eventually.ts";
import { goodFor, heard, type Pair, pairOf } from "../support/pair.ts";
import { SHAPES } from "../support/shapes.ts";

/** What is told of two refusals: the first's is the first status, and waits are as long as the statuses. */
const CHOICES: [first: number, second: number, told: number][] = [
  [429, 503, 429],
  [503, 429, 429],
  [503, 502, 503],
  [502, 503, 503],
  [504, 503, 503],
];

/** What such an answer says of the backend. */
const STATUSES: [status: number, what: string, failures: number][] = [
  [429, "no failure", 0],
  [502, "a failure", 1],
  [503, "a failure", 1],
  [504, "a failure", 1],
];

describe.each(SHAPES)("in $dialect's dialect", (shape) => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await pairOf(shape);
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  /** Nothing is held against the first then. */
  async function begin(): Promise<void> {
    pair.first.behave(goodFor("first"));
    pair.second.behave(goodFor("second"));
    expect(await heard(await pair.ask())).toMatchObject({ status: 200, body: { by: "first" } });
    await eventually(
      () => pair.state(),
      ({ breaker }) => breaker.failures === 0,
    );
  }

  /** Says when to come back: a 429 that does keeps the backend at rest until then. */
  function refuse(talk: Talk, status: number, retryAfter: string): Promise<void> {
    const body = JSON.stringify(shape.error(`status ${status}`, status));
    return talk.answer(status, body, { "content-type": "application/json", "retry-after": retryAfter });
  }

  test.each(STATUSES)("where one says %p, the next is asked; that is %s", async (status, _, failures) => {
    const { first, ask, state } = pair;
    await begin();
    const before = first.talks.length;
    first.behave((talk) => refuse(talk, status, "0"));
    const answer = await ask();
    expect(answer.headers.has("retry-after")).toBe(false);
    expect(await heard(answer)).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
    expect(first.talks.length - before).toBe(1);
    expect(await state()).toMatchObject({ up: true, inflight: 0, breaker: { failures } });
  });

  test.each(STATUSES)(
    "where the only one says %p, the client gets that; it is %s",
    async (status, _, failures) => {
      const { first, ask, state } = pair;
      await begin();
      const before = first.talks.length;
      const body = `{ "error" : {"code": 1.0, "message":"status ${status}"} }\n`;
      first.behave((talk) =>
        talk.answer(status, body, { "content-type": "application/problem+json", "retry-after": "0" }),
      );
      const answer = await ask("alone");
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("retry-after")).toBe("0");
      expect(await answer.text()).toBe(body);
      expect(first.talks.length - before).toBe(1);
      expect(await state()).toMatchObject({ inflight: 0, breaker: { failures } });
    },
  );

  test.each(CHOICES)("of %p and %p, the client gets %p, and its Retry-After", async (one, other, told) => {
    const { first, second, ask } = pair;
    await begin();
    const waitFor = (status: number): string => (status === 429 ? "0" : String(status));
    first.behave((talk) => refuse(talk, one, waitFor(one)));
    second.behave((talk) => refuse(talk, other, waitFor(other)));
    const answer = await ask();
    expect(answer.headers.get("retry-after")).toBe(waitFor(told));
    expect(await heard(answer)).toEqual({
      status: told,
      attempts: 2,
      body: shape.error(`status ${told}`, told),
    });
  });

  test.each<[string, Behaviour]>([
    ["dies", (talk) => talk.reset()],
    ["speaks no HTTP", (talk) => talk.send("SSH-2.0-OpenSSH_9.9\r\n\r\n")],
  ])("where one refuses and the other %s, the client hears who refuses", async (_, die) => {
    const { first, second, ask } = pair;
    for (const [refusing, dying] of [
      [first, second],
      [second, first],
    ] as const) {
      await begin();
      refusing.behave((talk) => refuse(talk, 502, "7"));
      dying.behave(die);
      const answer = await ask();
      expect(answer.headers.get("retry-after")).toBe("7");
      expect(await heard(answer)).toMatchObject({ status: 502, body: shape.error("status 502", 502) });
    }
  });

  test("a refusal that goes on and on is cut off for the next one's answer", async () => {
    const { first, ask } = pair;
    await begin();
    const before = first.talks.length;
    first.behave(async (talk) => {
      await talk.begin(503);
      await talk.chunk("wait");
    });
    expect(await heard(await ask())).toMatchObject({ status: 200, body: { by: "second" } });
    await within(10_000, (await first.talk(before)).closed);
  });
});
