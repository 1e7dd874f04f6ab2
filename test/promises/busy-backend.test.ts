/** A backend that says it is busy is left in peace for as long as it asks, and nothing is held against it. */

import { describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { goodFor, heard, pairOf } from "../support/pair.ts";
import { type Shape, SHAPES } from "../support/shapes.ts";

/** The first failure would open a breaker. */
const CONFIG = { health: { failures: 1 } };

/** Ollama's words, two blanks included. */
const FULL = "server busy, please try again.  maximum pending requests exceeded";

/** How engines say it. */
const TOO_MANY = { status: 429, text: "slow down" };
const BUSY = { status: 503, text: FULL };

function refusal({ error }: Shape, { status, text }: typeof BUSY, retryAfter?: string): Behaviour {
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  const body = JSON.stringify(error(text, status));
  return (talk) => talk.answer(status, body, { "content-type": "application/json", ...headers });
}

const DATE = new Date(Date.now() + 50_000);

/** For how long one asks, and until when it rests if it has asked at a time. */
const RESTS: [name: string, words: typeof BUSY, retryAfter: string, untilMs: (askedMs: number) => number][] =
  [
    ["by a 429 for half a minute", TOO_MANY, "30", (askedMs) => askedMs + 30_000],
    ["by a 429 for an hour, of which it gets a minute,", TOO_MANY, "3600", (askedMs) => askedMs + 60_000],
    ["by a 429 until a date", TOO_MANY, DATE.toUTCString(), () => Math.floor(DATE.getTime() / 1000) * 1000],
    ["in Ollama's words for half a minute", BUSY, "30", (askedMs) => askedMs + 30_000],
  ];

/** Times that are told are told in whole milliseconds of one clock, and measured by another. */
const CLOCKS_MS = 100;

describe.each(SHAPES)("in $dialect's dialect", (shape) => {
  test.each(RESTS)("one that asks for peace %s has it", async (_, words, retryAfter, untilMs) => {
    await using pair = await pairOf(shape, CONFIG);
    const { first, ask, state } = pair;
    first.behave(refusal(shape, words, retryAfter));
    const beganMs = Date.now();
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
    const endedMs = Date.now();
    const { resting_until: until, ...others } = await state();
    expect(Date.parse(until ?? "")).toBeGreaterThan(untilMs(beganMs) - CLOCKS_MS);
    expect(Date.parse(until ?? "")).toBeLessThan(untilMs(endedMs) + CLOCKS_MS);
    expect(others).toMatchObject({ up: true, breaker: { state: "closed", failures: 0, until: null } });
    // while it rests, others are asked at once
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "second" } });
    expect(first.talks).toHaveLength(1);
  });

  test("where it is the only one, its client hears so, and the next client waits for a second", async () => {
    await using pair = await pairOf(shape, CONFIG);
    const { first, ask, state } = pair;
    const arrivedMs: number[] = [];
    first.behave((talk) => {
      arrivedMs.push(performance.now());
      return arrivedMs.length === 1 ? refusal(shape, BUSY)(talk) : goodFor("first")(talk);
    });
    const body = shape.error(FULL, 503);
    expect(await heard(await ask("alone"))).toEqual({ status: 503, attempts: 1, body });
    expect(await heard(await ask("alone"))).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
    const [refusedMs = 0, servedMs = 0, ...more] = arrivedMs;
    expect(servedMs - refusedMs).toBeGreaterThan(1000);
    expect(more).toEqual([]);
    expect((await state()).breaker).toMatchObject({ state: "closed", failures: 0 });
  });

  test("where it is the only one, whoever would have to wait for too long is told so", async () => {
    await using pair = await pairOf(shape, { ...CONFIG, routing: { queue_timeout: "200ms" } });
    const { first, ask } = pair;
    first.behave(refusal(shape, TOO_MANY, "30"));
    const refused = await ask("alone");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
    const late = await ask("alone");
    expect(Number(late.headers.get("retry-after"))).toBeWithin(2, 31);
    expect([late.status, await late.text()]).toEqual([503, expect.stringContaining("first: resting for ")]);
    expect(first.talks).toHaveLength(1);
  });
});
