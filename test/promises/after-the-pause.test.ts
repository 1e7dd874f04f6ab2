/** One request at a time finds out whether a backend that has failed still does; the others do not suffer from it. */

import { describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { goodFor, heard, type Pair, pairOf } from "../support/pair.ts";
import { SHAPES } from "../support/shapes.ts";
import { type BackendState, waiting } from "../support/status.ts";

const busy: Behaviour = (talk) => talk.answer(503, '{"error":"out of workers"}');

function inState(pair: Pair, wanted: BackendState["breaker"]["state"]): Promise<BackendState> {
  return eventually(
    () => pair.state(),
    ({ breaker }) => breaker.state === wanted,
  );
}

describe.each(SHAPES)("in $dialect's dialect", (shape) => {
  test("one tries, those that have another place go there, and the rest wait for what it finds", async () => {
    await using pair = await pairOf(shape, { health: { failures: 1, pause: "300ms" } });
    const { first, second, router, ask } = pair;
    first.behave(busy);
    await (await ask()).text();
    await inState(pair, "half-open");
    first.behave(() => {});
    const able = Array.from({ length: 10 }, async () => heard(await ask()));
    const talk = await first.talk(1);
    await eventually(
      () => second.talks.length,
      (count) => count === 10,
    );
    const patient = Array.from({ length: 3 }, async () => heard(await ask("alone")));
    await eventually(
      () => waiting(router),
      (count) => count === 3,
    );
    expect(first.talks).toHaveLength(2);
    first.behave(goodFor("first"));
    await goodFor("first")(talk);
    for (const { status, attempts, body } of await Promise.all(patient))
      expect([status, attempts, body]).toEqual([200, 1, { by: "first" }]);
    const heardOf = await Promise.all(able);
    expect(heardOf.filter(({ body }) => Bun.deepEquals(body, { by: "first" }))).toHaveLength(1);
    expect((await pair.state()).breaker).toEqual({ state: "closed", failures: 0, until: null });
  });

  test("one that still fails gets a longer pause each time, up to a limit", async () => {
    await using pair = await pairOf(shape, { health: { failures: 1, pause: "400ms", max_pause: "1s" } });
    const { first, router, ask } = pair;
    first.behave(busy);
    for (const [index, longestMs] of [400, 800, 1000].entries()) {
      expect(await heard(await ask())).toEqual({ status: 200, attempts: 2, body: { by: "second" } });
      const pauses = await eventually(
        () => router.log.all.flatMap((line) => / backend=first .*pause_ms=(\d+)/.exec(line)?.[1] ?? []),
        ({ length }) => length === index + 1,
      );
      // it is a quarter shorter at most than it could be, and told a little later than it begins
      expect(Number(pauses[index])).toBeGreaterThan(longestMs * 0.7);
      expect(Number(pauses[index])).toBeLessThanOrEqual(longestMs);
      await inState(pair, "half-open");
      expect(first.talks).toHaveLength(index + 1);
    }
  });

  test("one whose client left while it tried has neither failed nor not: the next one tries", async () => {
    await using pair = await pairOf(shape, { health: { failures: 1, pause: "300ms" } });
    const { first, router, ask } = pair;
    first.behave(busy);
    await (await ask()).text();
    await inState(pair, "half-open");
    first.behave(() => {});
    for (const index of [1, 2]) {
      using client = await rawClient(router.port);
      client.send(post(shape.path, '{"model":"m","messages":[],"max_tokens":1}'));
      const talk = await first.talk(index);
      client.leave();
      await talk.closed;
      expect((await inState(pair, "half-open")).breaker.failures).toBe(1);
    }
    first.behave(goodFor("first"));
    expect(await heard(await ask("alone"))).toMatchObject({ status: 200, body: { by: "first" } });
    expect((await pair.state()).breaker).toEqual({ state: "closed", failures: 0, until: null });
  });

  test("one that looks failed to reach is tried as soon as one of them succeeds", async () => {
    await using pair = await pairOf(shape, {
      health: { failures: 2, pause: "1h", max_pause: "1h", probe_interval: "50ms" },
    });
    const { first, ask } = pair;
    await first.stop();
    await inState(pair, "open");
    await first.start();
    await inState(pair, "half-open");
    expect(await heard(await ask())).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
    expect((await pair.state()).breaker).toEqual({ state: "closed", failures: 0, until: null });
  });
});
