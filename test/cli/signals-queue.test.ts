/** A router that is told to end lets those in who wait for a place, as long as it has time. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { ask, askAndWait, type Asked, labelOf, SOON_MS } from "../support/asking.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const FINE = '{"model":"m"}';

function router(backend: RawBackend, drain: string): Promise<Mellamo> {
  const toml = `[server]\ndrain = "${drain}"\n[health]\nprobe_interval = "50ms"\n`;
  return routerOver({ b: { url: backend.url, engine: "openai", max_inflight: 1 } }, toml);
}

function statusOf({ answer }: Asked): Promise<number> {
  return within(
    SOON_MS,
    answer.then(
      ({ status }) => status,
      () => 0,
    ),
  );
}

test("one after the other, the first of them first", async () => {
  await using backend = await rawBackend(["m"], () => {});
  await using running = await router(backend, "1m");
  const asked: Asked[] = [ask(running, "runs")];
  await within(SOON_MS, backend.talk(0));
  asked.push(await askAndWait(running, "first"), await askAndWait(running, "second"));
  const status = running.end("SIGTERM");
  expect(await running.log.until(/event=ending/)).toContain("running=3");
  for (const [index, label] of ["runs", "first", "second"].entries()) {
    const talk = await within(SOON_MS, backend.talk(index));
    expect(labelOf(talk)).toBe(label);
    await talk.answer(200, FINE);
  }
  expect(await Promise.all(asked.map(statusOf))).toEqual([200, 200, 200]);
  expect(await within(SOON_MS, status)).toBe(0);
});

test("also where their backend is away just then, for it is looked at as before", async () => {
  await using backend = await rawBackend(["m"], () => {});
  await using running = await router(backend, "1m");
  const first = ask(running, "runs");
  const talk = await within(SOON_MS, backend.talk(0));
  const second = await askAndWait(running, "waits");
  // the list of models is hidden, and the engine seems to have another one
  backend.list(["another"]);
  const looks = backend.looks();
  const status = running.end("SIGTERM");
  await running.log.until(/event=ending/);
  await eventually(SOON_MS, () => backend.looks() >= looks + 3);
  await talk.answer(200, FINE);
  backend.behave((next) => next.answer(200, FINE));
  backend.list(["m"]);
  expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
  expect(await within(SOON_MS, status)).toBe(0);
});

test.each(["a second signal", "the end of the time"])("%s sends them away with the rest", async (which) => {
  await using backend = await rawBackend(["m"], () => {});
  await using running = await router(backend, which === "a second signal" ? "1m" : "300ms");
  const asked = [ask(running, "runs")];
  await within(SOON_MS, backend.talk(0));
  asked.push(await askAndWait(running, "waits"));
  const status = running.end("SIGTERM");
  await running.log.until(/event=ending/);
  if (which === "a second signal") process.kill(running.pid, "SIGTERM");
  expect(await within(SOON_MS, status)).toBe(0);
  expect(await Promise.all(asked.map(statusOf))).toEqual([0, 0]);
  expect(backend.talks).toHaveLength(1);
  await running.log.until(/event="broken off" running=2/);
});
