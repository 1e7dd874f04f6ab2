/** An engine that is too busy with answers to list its models in time is not taken for one that is down. */

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";

import { ask, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { backendNamed } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const PIECE = '{"model":"m"}\n';

let engine: RawBackend;
let router: Mellamo;

beforeEach(async () => {
  engine = await rawBackend(["m"], async (talk) => {
    await talk.begin(200);
    await talk.chunk(PIECE);
  });
  router = await routerOver(
    { b: { url: engine.url, engine: "openai" } },
    '[health]\nprobe_interval = "20ms"\nprobe_timeout = "500ms"\n',
  );
});

afterEach(async () => {
  await Promise.all([router, engine].map((each) => each[Symbol.asyncDispose]()));
});

/** Streams on and on until the returned function is called. */
function streamOn(talk: Talk): () => void {
  const timer = setInterval(() => void talk.chunk(PIECE), 20);
  return () => clearInterval(timer);
}

test("as long as it streams, and no longer", async () => {
  const { answer } = ask(router);
  const talk = await within(SOON_MS, engine.talk(0));
  const stop = streamOn(talk);
  try {
    const text = within(SOON_MS, answer).then((response) => response.text());
    engine.list(undefined);
    // three looks more, of which each has had no answer in its time
    const before = engine.looks();
    await eventually(SOON_MS, () => engine.looks() >= before + 4);
    expect(await backendNamed("b", router)).toMatchObject({
      up: true,
      breaker: { state: "closed", failures: 0 },
    });
    expect(router.log.text).not.toContain('event="backend down"');
    stop();
    await talk.chunk("");
    expect(await text).toStartWith(PIECE);
  } finally {
    stop();
  }
  await router.log.until(/event="backend down" backend=b .*why="no answer in time"/);
});

test("one that has begun to answer and says nothing more either is down", async () => {
  ask(router);
  await within(SOON_MS, engine.talk(0));
  engine.list(undefined);
  await router.log.until(/event="backend down" backend=b .*why="no answer in time"/);
});

test("one that refuses connections is down, though an answer is still coming from it", async () => {
  // whatever answers there now is another process than the one that streams
  const { answer } = ask(router);
  const talk = await within(SOON_MS, engine.talk(0));
  const stop = streamOn(talk);
  await within(SOON_MS, answer);
  await engine.stop();
  stop();
  await router.log.until(/event="backend down" backend=b .*why="connection refused"/);
});
