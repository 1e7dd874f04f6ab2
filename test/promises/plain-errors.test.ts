/** What an engine refuses for good (4xx but 429, and 500) is the answer: nobody else is asked, and nothing is held against it. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { type Pair, pairOf } from "../support/pair.ts";
import { SHAPES } from "../support/shapes.ts";

const STATUSES = [400, 401, 403, 404, 408, 409, 413, 418, 422, 500, 501];

describe.each(SHAPES)("in $dialect's dialect", (shape) => {
  let pair: Pair;

  beforeAll(async () => {
    // the first failure would open the breaker
    pair = await pairOf(shape, { health: { failures: 1 } });
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  test.each(STATUSES)("a %d is the answer, as it came", async (status) => {
    const { first, second, ask, state } = pair;
    const before = first.talks.length;
    const body = JSON.stringify(shape.error(`no, for reason ${status}`, status), undefined, 1);
    first.behave((talk) =>
      talk.answer(status, body, { "content-type": "application/json; charset=utf-8", "x-reason": "its own" }),
    );
    const answer = await ask();
    expect([answer.status, await answer.text()]).toEqual([status, body]);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(answer.headers.get("x-reason")).toBe("its own");
    expect(answer.headers.get("x-mellamo-backend")).toBe("first");
    expect(answer.headers.get("x-mellamo-attempts")).toBe("1");
    expect(first.talks.length - before).toBe(1);
    expect(second.talks).toEqual([]);
    expect(await state()).toMatchObject({
      up: true,
      inflight: 0,
      breaker: { state: "closed", failures: 0 },
      resting_until: null,
    });
  });

  test("a 500 that comes in pieces is the answer, too", async () => {
    const { first, second, ask, state } = pair;
    const body = JSON.stringify(shape.error("out of memory", 500));
    first.behave(async (talk) => {
      await talk.begin(500, { "content-type": "application/json" });
      for (const half of [body.slice(0, 10), body.slice(10), ""]) await talk.chunk(half);
    });
    const answer = await ask();
    expect([answer.status, await answer.text()]).toEqual([500, body]);
    expect(second.talks).toEqual([]);
    expect((await state()).breaker).toMatchObject({ state: "closed", failures: 0 });
  });
});
