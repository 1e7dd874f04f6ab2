/**
 * Bun makes 256 outgoing requests at a time and no more, where the limit is not raised. However many generations are
 * under way, looks at backends and lists are never behind them, and everybody is served in the end.
 */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { post, type RawClient, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { eventually } from "../support/eventually.ts";
import type { Mellamo, Place } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { answerOn } from "../support/response.ts";
import { backends, type BackendState } from "../support/status.ts";

setDefaultTimeout(90_000);

const GENERATIONS = 300;
const LIMIT = 256;
const LATE_MS = 30_000;

const PIECE = 'data: {"model":"m"}\n\n';
const CONFIG =
  '[routing]\nqueue_timeout = "10m"\n[health]\nprobe_interval = "200ms"\nprobe_timeout = "10s"\n';

/** Begins each answer, and goes on with all of them when it is told to. */
async function generator(): Promise<RawBackend & { readonly goOn: () => void }> {
  const { promise: told, resolve: goOn } = Promise.withResolvers<void>();
  const backend = await rawBackend(["m"], async (talk) => {
    await talk.begin(200, { "content-type": "text/event-stream" });
    await talk.chunk(PIECE);
    await told;
    await talk.chunk(PIECE);
    await talk.chunk("");
  });
  return { ...backend, goOn };
}

async function generate(router: Mellamo): Promise<RawClient[]> {
  return Promise.all(
    Array.from({ length: GENERATIONS }, async () => {
      const client = await rawClient(router.port);
      client.send(post("/v1/chat/completions", '{"model":"m","stream":true}', ["Connection: close"]));
      return client;
    }),
  );
}

interface Load {
  readonly running: number;
  readonly queued: number;
}

async function loadOf(router: Mellamo): Promise<Load> {
  const status = (await (await fetch(`${router.url}/mellamo/status`)).json()) as {
    readonly waiting: number;
    readonly backends: readonly BackendState[];
  };
  const running = status.backends.reduce((sum, { inflight }) => sum + inflight, 0);
  return { running, queued: status.waiting };
}

/** Lists come at once, looks see what is new, and a backend that was off is found when it comes back. */
async function seesAll(router: Mellamo, engine: RawBackend, other: RawBackend): Promise<void> {
  await within(LATE_MS, fetch(`${router.url}/api/tags`));
  engine.list(["m", "new"]);
  await eventually(
    async () => (await fetch(`${router.url}/v1/models`)).text(),
    (names) => names.includes('"new"'),
    LATE_MS,
  );
  await other.stop();
  await router.log.until(/event="backend down" backend=other/, LATE_MS);
  await other.start();
  await eventually(
    () => backends(router),
    (states) => states.every(({ up }) => up),
    LATE_MS,
  );
  // a generation on it would be one more, but a call about models is not
  expect((await within(LATE_MS, fetch(`${router.url}/v1/models/o`))).status).toBe(200);
}

async function allAreServed(clients: readonly RawClient[]): Promise<void> {
  const answers = await within(LATE_MS, Promise.all(clients.map(answerOn)));
  expect(new Set(answers.map(({ body }) => body.toString()))).toEqual(new Set([PIECE + PIECE]));
}

async function withGenerations(
  place: Place,
  check: (router: Mellamo, engine: RawBackend, other: RawBackend) => Promise<void>,
): Promise<void> {
  await using engine = await generator();
  await using other = await rawBackend(["o"], (talk) => talk.answer(200, "{}"));
  const tables = {
    engine: { url: engine.url, engine: "openai" },
    other: { url: other.url, engine: "openai" },
  };
  await using router = await routerOver(tables, CONFIG, place);
  const clients = await generate(router);
  try {
    await check(router, engine, other);
    await seesAll(router, engine, other);
    engine.goOn();
    await allAreServed(clients);
    await eventually(
      () => loadOf(router),
      ({ running, queued }) => running + queued === 0,
      LATE_MS,
    );
  } finally {
    for (const client of clients) client.leave();
  }
}

test.concurrent("300 generations where Bun may make 256 requests: some wait, and looks go on", () =>
  withGenerations({ env: { BUN_CONFIG_MAX_HTTP_REQUESTS: String(LIMIT) } }, async (router, engine) => {
    const { running } = await eventually(
      () => loadOf(router),
      (load) => load.running + load.queued === GENERATIONS && engine.talks.length === load.running,
      LATE_MS,
    );
    expect(running).toBeLessThan(LIMIT);
    expect(running).toBeGreaterThan(LIMIT / 2);
  }),
);

test.concurrent("300 generations where nobody has set a limit: all run at once", () =>
  withGenerations({ isLimited: true }, async (router, engine) => {
    const { queued } = await eventually(
      () => loadOf(router),
      ({ running }) => running === GENERATIONS && engine.talks.length === GENERATIONS,
      LATE_MS,
    );
    expect(queued).toBe(0);
  }),
);
