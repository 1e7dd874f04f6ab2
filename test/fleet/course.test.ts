/** When what is in memory is asked for again, by a clock that only the test moves. */

import { beforeEach, describe, expect, test } from "bun:test";

import { type Model, modelOf } from "../../src/engines/model.ts";
import type { Backend } from "../../src/fleet/backend.ts";
import { Course, type Preload } from "../../src/fleet/course.ts";
import { stocked } from "../support/stocked.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const DAY_MS = 86_400_000;

let clock: VirtualClock;
let backend: Backend;
let course: Course;
/** The names that were about to leave, and when. */
let leaving: [string, number][];

beforeEach(() => {
  clock = new VirtualClock();
  backend = stocked("gpu", [], { preload: ["m", "n"] });
  leaving = [];
  course = new Course(clock, ({ name }) => leaving.push([name, clock.now()]));
});

/** Both models are there; `known` is of "m". */
function look(known: Partial<Model> = {}, isFresh = true): void {
  backend.restock(
    {
      models: [modelOf("m", { fixed: false, ...known }), modelOf("n", { fixed: false, loaded: false })],
      version: undefined,
    },
    0,
  );
  course.look(
    backend,
    (name) => {
      const model = backend.stock.models.find(({ id }) => id === name);
      return model && { model, values: {} };
    },
    isFresh,
  );
}

function preload(name = "m"): Preload {
  const found = course.preloads.find((one) => one.name === name);
  if (found === undefined) throw new Error(`No ${name}`);
  return found;
}

/** "m" was loaded, and stays so long. */
function loaded(stayMs: number): void {
  look();
  preload().condition = "loaded";
  look({ expiresInMs: stayMs });
}

describe("it is asked for again", () => {
  test.each([
    [300_000, 270_000],
    [120_000, 90_000],
    [60_000, 45_000],
    [2000, 1500],
    [400, 300],
    [DAY_MS - 1, DAY_MS - 30_001],
  ])("of a stay of %i ms after %i ms", (stayMs, atMs) => {
    loaded(stayMs);
    clock.advance(atMs - 1);
    expect(leaving).toEqual([]);
    clock.advance(1);
    expect(leaving).toEqual([["m", atMs]]);
    clock.advance(DAY_MS);
    expect(leaving).toHaveLength(1);
  });

  test.each([300_000, 10_000, 2000, 1000, 300])("and again, of stays of %i ms", (stayMs) => {
    loaded(stayMs);
    for (let times = 1; times <= 5; times++) {
      clock.advance(stayMs - Math.min(30_000, stayMs / 4));
      expect(leaving).toHaveLength(times);
      look({ expiresInMs: stayMs });
    }
  });

  test.each([10, 100, 1000, 7000])("once only where it is looked at every %i ms", (everyMs) => {
    loaded(60_000);
    for (let atMs = everyMs; atMs <= 60_000; atMs += everyMs) {
      clock.advance(everyMs);
      look({ expiresInMs: 60_000 - atMs });
    }
    expect(leaving).toHaveLength(1);
    expect(leaving[0]?.[1]).toBeWithin(45_000, 45_001);
  });

  test("after its last stay, where it was asked for meanwhile", () => {
    loaded(60_000);
    clock.advance(30_000);
    look({ expiresInMs: 60_000 });
    clock.advance(44_999);
    expect(leaving).toEqual([]);
    clock.advance(1);
    expect(leaving).toEqual([["m", 75_000]]);
  });

  test("sooner, where somebody has made its stay shorter", () => {
    loaded(DAY_MS / 2);
    look({ expiresInMs: 4000 });
    clock.advance(3000);
    expect(leaving).toEqual([["m", 3000]]);
  });

  test("once its last day begins, of a stay that is longer than a timer reaches", () => {
    loaded(2 * DAY_MS);
    clock.advance(DAY_MS + 1000);
    expect(leaving).toEqual([]);
    look({ expiresInMs: DAY_MS - 1000 });
    clock.advance(DAY_MS);
    expect(leaving).toEqual([["m", 2 * DAY_MS - 30_000]]);
  });

  test("also where its engine was too busy to tell for a while", () => {
    loaded(60_000);
    clock.advance(20_000);
    look({ expiresInMs: Infinity });
    clock.advance(25_000);
    expect(leaving).toEqual([["m", 45_000]]);
  });

  test("not later for a look of some time ago", () => {
    loaded(60_000);
    clock.advance(20_000);
    look({ expiresInMs: 60_000 }, false);
    clock.advance(25_000);
    expect(leaving).toEqual([["m", 45_000]]);
  });

  test("now and then while it is overdue, for its engine is at work with it", () => {
    loaded(0);
    for (let looks = 0; looks < 100; looks++) {
      clock.advance(100);
      look({ expiresInMs: 0 });
    }
    expect(leaving.length).toBeWithin(3, 8);
  });
});

describe("it is not asked for again", () => {
  test.each([
    ["it stays for ever", () => look({ expiresInMs: Infinity })],
    ["its engine let go of it", () => look({ loaded: false })],
    ["it is wanted out", () => void ((preload().condition = "unloaded"), look({ expiresInMs: 60_000 }))],
    ["its backend is down", () => (backend.lose("gone"), course.lose(backend))],
    ["its backend rests", () => course.rest()],
    ["nobody wants it", () => course.lose(stocked("gpu", [], { preload: ["n"] }))],
  ])("where %s", (what, happens) => {
    loaded(what === "it stays for ever" ? Infinity : 60_000);
    happens();
    clock.advance(DAY_MS);
    expect(leaving).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

test("what waits is loaded in the order of the settings, and keeps its condition in another order", () => {
  look({ loaded: false });
  expect(course.next()?.name).toBe("m");
  preload("m").condition = "failed";
  preload("m").retryAtMs = 60_000;
  expect(course.next()?.name).toBe("n");
  const other = stocked("gpu", [modelOf("m", { loaded: false }), modelOf("n", { loaded: false })], {
    preload: ["n", "m"],
  });
  course.lose(other);
  expect(course.preloads.map(({ name, condition }) => [name, condition])).toEqual([
    ["n", "waiting"],
    ["m", "waiting"],
  ]);
});

test("one whose room is taken by what is only on its way there is displaced, too", () => {
  loaded(60_000);
  backend.restock(
    {
      models: [
        modelOf("m", { fixed: false, loaded: false }),
        modelOf("n", { fixed: false, loaded: false, loading: true }),
      ],
      version: undefined,
    },
    0,
  );
  const [model] = backend.stock.models;
  course.look(backend, (name) => (name === "m" && model ? { model, values: {} } : undefined), true);
  expect(preload().condition).toBe("displaced");
});
