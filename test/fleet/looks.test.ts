/** Backends are looked at as long as somebody wants them, and let go of once nobody does. */

import { afterEach, describe, expect, jest, test } from "bun:test";

import type { Backend } from "../../src/fleet/backend.ts";
import { Looks } from "../../src/fleet/looks.ts";
import { systemTraffic } from "../../src/traffic/traffic.ts";
import { eventually, within } from "../support/deadline.ts";
import { backendAt, type FakeEngine, fakeEngine, SILENCE } from "../support/fake-engine.ts";
import { stocked } from "../support/stocked.ts";

const SOON_MS = 5000;
const OFTEN_MS = 10;

/** How long a backend that was let go of is still there for requests that began before. */
const PARTING_MS = 60_000;

const LIST = { data: [{ id: "m" }] };

function engineOf(page: unknown = LIST): FakeEngine {
  return fakeEngine({ pages: { "/v1/models": page } });
}

function backendOf(engine: FakeEngine, probeIntervalMs = 3_600_000): Backend {
  return backendAt(engine.url, { engine: "openai", probeIntervalMs, probeTimeoutMs: 300_000 });
}

afterEach(() => {
  jest.useRealTimers();
});

test("a backend is looked at at once, and again at its interval", async () => {
  await using engine = engineOf();
  const looks = new Looks(Date.now, systemTraffic());
  const backend = backendOf(engine, OFTEN_MS);
  await looks.begin(backend);
  expect(backend.stock.up).toBe(true);
  await eventually(SOON_MS, () => looks.count > 5);
  looks.stop();
});

test("one that was let go of is not looked at again, while others are", async () => {
  await using engine = engineOf();
  await using other = engineOf();
  const looks = new Looks(Date.now, systemTraffic());
  const backend = backendOf(engine, OFTEN_MS);
  await Promise.all([looks.begin(backend), looks.begin(backendOf(other, OFTEN_MS))]);
  looks.dismiss(backend);
  const [mine, others] = [engine.asked.length, other.asked.length];
  await eventually(SOON_MS, () => other.asked.length > others + 10);
  // one may have been under way
  expect(engine.asked.length).toBeLessThanOrEqual(mine + 1);
  looks.stop();
});

test("one that was let go of during its first look is not looked at again", async () => {
  const answer = Promise.withResolvers<string>();
  const page = async function* (): AsyncGenerator<string> {
    yield answer.promise;
  };
  await using engine = engineOf(() => new Response(page()));
  await using other = engineOf();
  const looks = new Looks(Date.now, systemTraffic());
  const backend = backendOf(engine, OFTEN_MS);
  const first = looks.begin(backend);
  await eventually(SOON_MS, () => engine.asked.length === 1);
  looks.dismiss(backend);
  answer.resolve(JSON.stringify(LIST));
  await Promise.all([first, looks.begin(backendOf(other, OFTEN_MS))]);
  await eventually(SOON_MS, () => other.asked.length > 10);
  expect(engine.asked).toHaveLength(1);
  looks.stop();
});

test("requests of the time before may still want to know of one that was let go of", async () => {
  await using engine = engineOf();
  const looks = new Looks(Date.now, systemTraffic());
  const backend = backendOf(engine);
  await looks.begin(backend);
  looks.dismiss(backend);
  await looks.refresh(backend);
  expect(backend.stock.up).toBe(true);
  expect(engine.asked).toHaveLength(2);
  looks.stop();
});

test("whoever asks for a look at one that was let go of has one at those after it, too", async () => {
  await using engine = engineOf();
  const looks = new Looks(Date.now, systemTraffic());
  const [first, second, third] = [backendOf(engine), backendOf(engine), backendOf(engine)];
  await Promise.all([first, second, third].map((backend) => looks.begin(backend)));
  looks.dismiss(first, second);
  looks.dismiss(second, third);
  engine.say("/v1/models", { data: [{ id: "new" }] });
  await looks.refresh(first);
  expect(third.stock.models.map(({ id }) => id)).toEqual(["new"]);
  looks.stop();
});

test("whoever watches is told of news alone, and not of one that was let go of", async () => {
  await using engine = engineOf();
  const news: boolean[] = [];
  const looks = new Looks(Date.now, systemTraffic(), ({ stock }) => news.push(stock.up));
  const backend = backendOf(engine);
  await looks.begin(backend);
  await looks.refresh(backend);
  engine.say("/v1/models", {});
  await looks.refresh(backend);
  await looks.refresh(backend);
  expect(news).toEqual([true, false]);
  looks.dismiss(backend);
  engine.say("/v1/models", LIST);
  await looks.refresh(backend);
  expect(news).toEqual([true, false]);
  looks.stop();
});

describe("the connections of one that was let go of", () => {
  const isEnded = ({ dismissed }: Backend): boolean => dismissed.signal.aborted;

  test("stay for a minute, and end then", () => {
    jest.useFakeTimers();
    const looks = new Looks(Date.now, systemTraffic());
    const backend = stocked("a", ["m"]);
    looks.dismiss(backend);
    jest.advanceTimersByTime(PARTING_MS - 1);
    expect(isEnded(backend)).toBe(false);
    jest.advanceTimersByTime(1);
    expect(isEnded(backend)).toBe(true);
  });

  test("stay as long as it serves a request", () => {
    jest.useFakeTimers();
    const looks = new Looks(Date.now, systemTraffic());
    const backend = stocked("a", ["m"]);
    backend.calls = 1;
    looks.dismiss(backend);
    jest.advanceTimersByTime(PARTING_MS * 100);
    expect(isEnded(backend)).toBe(false);
    backend.calls = 0;
    jest.advanceTimersByTime(PARTING_MS);
    expect(isEnded(backend)).toBe(true);
  });
});

describe("at the end of the router", () => {
  test("a look that is under way ends, however long the engine is silent", async () => {
    await using engine = engineOf(SILENCE);
    const looks = new Looks(Date.now, systemTraffic());
    const first = looks.begin(backendOf(engine));
    await eventually(SOON_MS, () => engine.asked.length === 1);
    looks.stop();
    await within(SOON_MS, first);
  });

  test("so does one at a backend that was let go of", async () => {
    await using engine = engineOf();
    const looks = new Looks(Date.now, systemTraffic());
    const backend = backendOf(engine);
    await looks.begin(backend);
    looks.dismiss(backend);
    engine.say("/v1/models", SILENCE);
    const look = looks.refresh(backend);
    await eventually(SOON_MS, () => engine.asked.length === 2);
    looks.stop();
    await within(SOON_MS, look);
  });

  test("no more looks begin", async () => {
    await using engine = engineOf(SILENCE);
    const looks = new Looks(Date.now, systemTraffic());
    looks.stop();
    await within(SOON_MS, looks.begin(backendOf(engine, OFTEN_MS)));
    expect(engine.asked).toEqual([]);
  });
});
