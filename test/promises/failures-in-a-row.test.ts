/** A backend that has failed so often in a row gets nothing for a while. An answer in between makes up for it, a look does not. */

import { describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { eventually } from "../support/eventually.ts";
import { goodFor, heard, type Pair, pairOf } from "../support/pair.ts";
import { ALL_SHAPES, type Shape, SHAPES } from "../support/shapes.ts";
import type { BackendState } from "../support/status.ts";

const LONG = { failures: 3, pause: "1h", max_pause: "1h" };

const busy: Behaviour = (talk) => talk.answer(503, '{"error":"out of workers"}');
const die: Behaviour = (talk) => talk.reset();

/** How one may fail, as often as it is asked. */
const FAILURES: [name: string, behaviour: (shape: Shape) => Behaviour][] = [
  ["refuses", () => busy],
  ["dies without an answer", () => die],
  ["says nothing", () => () => {}],
  [
    "breaks off its answer",
    (shape) => async (talk) => {
      await talk.begin(200, { "content-type": shape.streamType });
      await talk.chunk(shape.record("a"));
      talk.reset();
    },
  ],
];

/** The client may get half of an answer, or nothing of it. */
async function askInVain({ ask }: Pair): Promise<void> {
  await ask()
    .then((answer) => answer.text())
    .catch(() => {});
}

function inState(pair: Pair, wanted: BackendState["breaker"]["state"]): Promise<BackendState> {
  return eventually(
    () => pair.state(),
    ({ breaker }) => breaker.state === wanted,
  );
}

describe.each(SHAPES)("in $dialect's dialect", (shape) => {
  test.each(FAILURES)("one that %s three times in a row gets nothing more", async (_, behaviour) => {
    await using pair = await pairOf(
      shape,
      { health: LONG, timeouts: { connect: "1s" } },
      { first_byte: "600ms" },
    );
    const { first, ask } = pair;
    first.behave(behaviour(shape));
    await askInVain(pair);
    await askInVain(pair);
    expect((await pair.state()).breaker).toEqual({ state: "closed", failures: 2, until: null });
    await askInVain(pair);
    const { up, breaker } = await inState(pair, "open");
    expect([up, breaker.failures]).toEqual([true, 3]);
    expect(Date.parse(breaker.until ?? "")).toBeGreaterThan(Date.now());
    const asked = first.talks.length;
    for (let count = 0; count < 3; count++)
      expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "second" } });
    expect(first.talks.length).toBe(asked);
  });

  test("an answer in between lets it begin anew", async () => {
    await using pair = await pairOf(shape, { health: LONG });
    const { first, ask } = pair;
    for (const fail of [busy, die]) {
      first.behave(fail);
      await askInVain(pair);
      await askInVain(pair);
      expect((await pair.state()).breaker).toEqual({ state: "closed", failures: 2, until: null });
      first.behave(goodFor("first"));
      expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
      expect((await pair.state()).breaker.failures).toBe(0);
    }
  });

  test("a look that succeeds takes nothing of that back, before the pause or in it", async () => {
    await using pair = await pairOf(shape, { health: { ...LONG, probe_interval: "50ms" } });
    const { first, ask } = pair;
    const looks = async (): Promise<void> => {
      const before = first.looks();
      await eventually(
        () => first.looks(),
        (count) => count > before + 9,
      );
    };
    first.behave(busy);
    await askInVain(pair);
    await askInVain(pair);
    await looks();
    expect(await pair.state()).toMatchObject({ up: true, breaker: { state: "closed", failures: 2 } });
    await askInVain(pair);
    first.behave(goodFor("first"));
    await looks();
    expect(await pair.state()).toMatchObject({ up: true, breaker: { state: "open", failures: 3 } });
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "second" } });
  });
});

test.each(ALL_SHAPES)("whoever has no other is told when to come back ($dialect)", async (shape) => {
  await using pair = await pairOf(shape, { health: { ...LONG, failures: 1 } });
  const { first, ask } = pair;
  first.behave(busy);
  expect((await ask("alone")).status).toBe(503);
  const answer = await ask("alone");
  expect(first.talks).toHaveLength(1);
  // a pause is a quarter shorter at most than it could be
  const retryAfter = Number(answer.headers.get("retry-after"));
  expect(retryAfter).toBeGreaterThan(2600);
  expect(retryAfter).toBeLessThanOrEqual(3600);
  const why = /^no backend that has "alone" can serve it now \(first: breaker open for \d+ min( \d+ s)?\)$/;
  expect(await heard(answer)).toMatchObject({
    status: 503,
    body: shape.error(expect.stringMatching(why), 503),
  });
});
