/** A client that leaves frees the backend at once, whatever the request was waiting for, and nobody is blamed for it. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import type { Behaviour } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { deafPort } from "../support/deaf-port.ts";
import { eventually } from "../support/eventually.ts";
import { routerOver } from "../support/over.ts";
import { goodFor, heard, type Pair, pairOf, tomlOf } from "../support/pair.ts";
import { nothingInFlight } from "../support/settled.ts";
import { type Shape, SHAPES } from "../support/shapes.ts";
import { backendNamed, inflight, waiting } from "../support/status.ts";

/** How long a backend may go on working for nobody. */
const DEADLINE_MS = 10_000;

/** The first failure would open the breaker, and the second request at a time has to wait. */
const CONFIG = { health: { failures: 1 }, routing: { queue_size: 1 }, timeouts: { connect: "1m" } };
const NARROW = { max_inflight: 1 };

const stream = (shape: Shape, model = "alone"): string =>
  post(shape.path, JSON.stringify({ model, messages: [], max_tokens: 1, stream: true }));

/** What a backend does when the client leaves, and what the client has got by then. */
interface Phase {
  readonly name: string;
  readonly behaviour: (shape: Shape) => Behaviour;
  readonly got: RegExp | undefined;
}

const PHASES: readonly Phase[] = [
  { name: "before the first byte", behaviour: () => () => {}, got: undefined },
  { name: "after headers alone", behaviour: () => (talk) => talk.begin(200), got: undefined },
  {
    name: "while a short answer is only half there",
    behaviour: () => (talk) => talk.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf"),
    got: undefined,
  },
  {
    name: "in the middle of a stream",
    behaviour:
      ({ streamType, record }) =>
      async (talk) => {
        await talk.begin(200, { "content-type": streamType });
        await talk.chunk(record("a"));
      },
    got: /"content":"a"/,
  },
];

const LEAVES: [how: string, leave: (client: RawClient) => void][] = [
  ["destroyed", (client) => client.leave()],
  ["half-closed", (client) => client.finish()],
];

describe.each(SHAPES)("in $dialect's dialect", (shape) => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await pairOf(shape, CONFIG, NARROW);
  });

  afterAll(() => pair[Symbol.asyncDispose]());

  /** The place is free, and the breaker closed: the backend's next request is answered. */
  async function expectFree(): Promise<void> {
    await nothingInFlight(pair.router);
    expect((await pair.state()).breaker).toEqual({ state: "closed", failures: 0, until: null });
    const asked = pair.first.talks.length;
    pair.first.behave(goodFor("first"));
    expect(await heard(await pair.ask("alone"))).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
    expect(pair.first.talks.length).toBe(asked + 1);
  }

  describe.each(PHASES)("$name", ({ behaviour, got }) => {
    test.each(LEAVES)("by a connection that is %s", async (_, leave) => {
      const asked = pair.first.talks.length;
      pair.first.behave(behaviour(shape));
      using client = await rawClient(pair.router.port);
      client.send(stream(shape));
      const talk = await pair.first.talk(asked);
      if (got !== undefined) await client.until(got);
      expect(await inflight(pair.router)).toBe(1);
      leave(client);
      await within(DEADLINE_MS, talk.closed);
      await expectFree();
    });
  });

  test("in the middle of a stream that it does not read", async () => {
    const piece = shape.record("x".repeat(60_000));
    const asked = pair.first.talks.length;
    pair.first.behave(async (talk) => {
      await talk.begin(200, { "content-type": shape.streamType });
      let open = true;
      void talk.closed.then(() => {
        open = false;
      });
      while (open) {
        await Promise.race([talk.chunk(piece), talk.closed]);
        // what is sent into a full socket fails at once: the event of its end needs a turn, too
        await new Promise(setImmediate);
      }
    });
    const client = await rawClient(pair.router.port);
    client.send(stream(shape));
    await client.until(/"content":"x/);
    client.pause();
    client.leave();
    await within(DEADLINE_MS, (await pair.first.talk(asked)).closed);
    await expectFree();
  });

  test("while a model is being loaded: nobody asks for it any more", async () => {
    const asked = pair.first.talks.length;
    pair.first.behave((talk) => talk.answer(503, '{"error":{"message":"Loading model"}}'));
    const client = await rawClient(pair.router.port);
    client.send(stream(shape));
    await pair.first.talk(asked + 2);
    client.leave();
    await expectFree();
  });

  test("in the queue: its place there is free, and its request never reaches the backend", async () => {
    const { first, router } = pair;
    const asked = first.talks.length;
    first.behave(() => {});
    using busy = await rawClient(router.port);
    busy.send(stream(shape));
    const talk = await first.talk(asked);
    for (let left = 3; left > 0; left--) {
      const client = await rawClient(router.port);
      client.send(stream(shape));
      await eventually(
        () => waiting(router),
        (count) => count === 1,
      );
      client.leave();
      await eventually(
        () => waiting(router),
        (count) => count === 0,
      );
    }
    first.behave(goodFor("first"));
    const next = pair.ask("alone");
    await eventually(
      () => waiting(router),
      (count) => count === 1,
    );
    await talk.answer(200, "{}");
    expect(await heard(await next)).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
    expect(first.talks.length).toBe(asked + 2);
    await expectFree();
  });

  test("while the router is still connecting", async () => {
    await using deaf = await deafPort();
    await using router = await routerOver({ deaf: { url: deaf.url, engine: shape.engine } }, tomlOf(CONFIG));
    // the models are known from before the port went deaf
    await deaf.goDeaf();
    const client = await rawClient(router.port);
    client.send(stream(shape, "m"));
    await eventually(
      () => inflight(router),
      (count) => count === 1,
    );
    client.leave();
    await nothingInFlight(router);
    expect(await backendNamed("deaf", router)).toMatchObject({
      up: true,
      breaker: { state: "closed", failures: 0 },
    });
  });

  test("five who leave before the first byte black nobody out", async () => {
    await using own = await pairOf(shape, { health: { failures: 3 } });
    own.first.behave(() => {});
    const clients = await Promise.all(Array.from({ length: 5 }, () => rawClient(own.router.port)));
    for (const client of clients) client.send(stream(shape, "m"));
    await own.first.talk(4);
    for (const client of clients) client.leave();
    await nothingInFlight(own.router);
    for (const { closed } of own.first.talks) await within(DEADLINE_MS, closed);
    expect((await own.state()).breaker).toEqual({ state: "closed", failures: 0, until: null });
    own.first.behave(goodFor("first"));
    expect(await heard(await own.ask())).toEqual({ status: 200, attempts: 1, body: { by: "first" } });
    expect(own.second.talks).toEqual([]);
  });
});
