/** A router that is told to end lets running requests finish; told again, or out of patience, it ends at once. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";

import { type RawBackend, rawBackend, type Talk } from "../support/backend.ts";
import { post, rawClient } from "../support/client.ts";
import { within } from "../support/deadline.ts";
import { folderOf } from "../support/folder.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** What is to happen at once happens well within the time that running requests would have. */
const SOON_MS = 10_000;

const CHAT = post("/v1/chat/completions", '{"model":"m","messages":[],"stream":true}');
const PIECE = 'data: {"model":"m"}\n\n';

function router(backend: RawBackend, drain: string): Promise<Mellamo> {
  return mellamo(
    `[server]\ndrain = "${drain}"\n[[backend]]\nname = "b"\nurl = "${backend.url}"\nengine = "openai"\n`,
  );
}

async function beginStream(talk: Talk): Promise<void> {
  await talk.begin(200, { "content-type": "text/event-stream" });
  await talk.chunk(PIECE);
}

/** Whether the answer has ended as an answer in chunks should. */
function isWhole(received: string): boolean {
  return received.endsWith("0\r\n\r\n");
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s lets a running stream finish, and ends with 0",
  async (signal) => {
    await using backend = await rawBackend(["m"], beginStream);
    await using running = await router(backend, "1m");
    using client = await rawClient(running.port);
    client.send(CHAT);
    await client.until(/data: /);
    const status = running.end(signal);
    expect(await running.log.until(/event=ending/)).toContain(`signal=${signal} running=1`);

    const talk = await backend.talk(0);
    for (let piece = 0; piece < 3; piece++) await talk.chunk(PIECE);
    await talk.chunk("");
    expect(await within(SOON_MS, status)).toBe(0);
    await client.ended;
    expect(client.received().match(/data: /g)).toHaveLength(4);
    expect(isWhole(client.received())).toBe(true);
  },
);

test("a request that still waits for its first byte is finished, too", async () => {
  await using backend = await rawBackend(["m"], () => {});
  await using running = await router(backend, "1m");
  using client = await rawClient(running.port);
  client.send(CHAT);
  const talk = await backend.talk(0);
  const status = running.end("SIGTERM");
  await running.log.until(/event=ending/);
  await talk.answer(200, '{"model":"m","late":true}');
  expect(await within(SOON_MS, status)).toBe(0);
  expect(client.received()).toEndWith('{"model":"m","late":true}');
});

test("while it ends, it takes no new connections", async () => {
  await using backend = await rawBackend(["m"], beginStream);
  await using running = await router(backend, "1m");
  using client = await rawClient(running.port);
  client.send(CHAT);
  await client.until(/data: /);
  const status = running.end("SIGTERM");
  await running.log.until(/event=ending/);
  await expect(rawClient(running.port)).rejects.toThrow("ECONNREFUSED");
  await (await backend.talk(0)).chunk("");
  expect(await within(SOON_MS, status)).toBe(0);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "with nothing to finish, %s ends it at once with 0",
  async (signal) => {
    await using backend = await rawBackend(["m"], () => {});
    await using running = await router(backend, "1m");
    // a connection that is kept open is nothing to finish
    using client = await rawClient(running.port);
    client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await client.until(/"ok"/);
    expect(await within(SOON_MS, running.end(signal))).toBe(0);
    await client.ended;
  },
);

test.each([
  ["SIGTERM", "SIGTERM"],
  ["SIGINT", "SIGINT"],
  ["SIGTERM", "SIGINT"],
] as const)("after %s, %s ends it at once, and the client sees a broken stream", async (first, second) => {
  await using backend = await rawBackend(["m"], beginStream);
  await using running = await router(backend, "1m");
  using client = await rawClient(running.port);
  client.send(CHAT);
  await client.until(/data: /);
  const status = running.end(first);
  await running.log.until(/event=ending/);
  process.kill(running.pid, second);
  expect(await within(SOON_MS, status)).toBe(0);
  await client.ended;
  expect(isWhole(client.received())).toBe(false);
  await running.log.until(/event="broken off" running=1/);
  await within(SOON_MS, (await backend.talk(0)).closed);
});

test.each([
  ["0s", 0],
  ["400ms", 400],
])("a drain of %s is how long running requests may go on", async (drain, ms) => {
  await using backend = await rawBackend(["m"], beginStream);
  await using running = await router(backend, drain);
  using client = await rawClient(running.port);
  client.send(CHAT);
  await client.until(/data: /);
  const before = performance.now();
  const status = running.end("SIGTERM");
  await running.log.until(/event=ending/);
  expect(await within(ms + SOON_MS, status)).toBe(0);
  expect(performance.now() - before).toBeGreaterThanOrEqual(ms);
  await client.ended;
  expect(isWhole(client.received())).toBe(false);
  await running.log.until(/event="broken off" running=1/);
});

test("its Unix socket goes with it", async () => {
  await using folder = await folderOf();
  const socket = folder.at("m.sock");
  await using running = await mellamo(`[server]\nlisten = "unix:${socket}"\n`);
  expect(existsSync(socket)).toBe(true);
  expect(await within(SOON_MS, running.end("SIGTERM"))).toBe(0);
  expect(existsSync(socket)).toBe(false);
});

test("an engine that hangs while it is asked for its models holds nobody up", async () => {
  await using backend = await rawBackend(["m"], () => {});
  await using running = await mellamo(
    `[health]\nprobe_interval = "50ms"\nprobe_timeout = "5m"\n[[backend]]\nurl = "${backend.url}"\nengine = "openai"\n`,
  );
  backend.list(undefined);
  // the look that began before the engine fell silent is over when the next one waits
  await Bun.sleep(200);
  expect(await within(SOON_MS, running.end("SIGTERM"))).toBe(0);
});
