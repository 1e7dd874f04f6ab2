/** Nobody who comes later is served before those who wait, also in the moment before the clock has told these. */

import { expect, test } from "bun:test";

import { bookOf } from "../../src/domain/book.ts";
import { isProblem } from "../../src/domain/problem.ts";
import { Fleet } from "../../src/fleet/fleet.ts";
import { Looks } from "../../src/fleet/looks.ts";
import type { Exchange } from "../../src/http/exchange.ts";
import { find } from "../../src/http/finding.ts";
import { QueuedLine } from "../../src/http/queued-line.ts";
import type { Snapshot } from "../../src/http/snapshot.ts";
import { newTrail } from "../../src/proxy/trail.ts";
import type { Alarm, Clock } from "../../src/traffic/clock.ts";
import { Traffic } from "../../src/traffic/traffic.ts";
import { configOf } from "../support/reading.ts";
import { rulesOf } from "../support/rules.ts";
import { stocked } from "../support/stocked.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** As the clock of the process has it: alarms ring some milliseconds late. */
class LateClock extends VirtualClock implements Clock {
  override alarm(atMs: number, ring: () => void): Alarm {
    return super.alarm(atMs + 10, ring);
  }
}

test("one that waits for a backend's rest to end is served before one that comes when it has ended", async () => {
  const clock = new LateClock();
  const traffic = new Traffic({ clock, random: () => 0 });
  const limits = { maxInflight: 1, failures: 3, pauseMs: 1000, maxPauseMs: 60_000 };
  const a = stocked("a", ["m"], { limits });
  const fleet = new Fleet([a], rulesOf(), new Looks(() => 0, traffic), traffic, () => 0);
  // of a snapshot and an exchange nobody looks at more than this
  const parts = { config: configOf(""), book: bookOf([]), fleet, loadedAt: new Date(0) };
  const snapshot = { ...parts, reloads: { snapshot: parts } } as unknown as Snapshot;
  const served: string[] = [];

  /** Takes a place, if need be after a while, and gives it back at once. */
  async function ask(name: string): Promise<void> {
    const found = await find("m", { path: undefined, unknown: (unknown) => unknown }, snapshot);
    if (isProblem(found)) throw new Error(found.problem);
    const request = { signal: new AbortController().signal };
    const exchange = { snapshot, request, trail: newTrail() } as unknown as Exchange;
    const line = new QueuedLine({
      exchange,
      found,
      conversation: () => undefined,
      whyNone: () => ({ problem: "busy" }),
    });
    const placed = await line.next(true);
    if (placed === undefined || isProblem(placed)) throw new Error("Not served");
    served.push(name);
    placed.slot.end("good");
  }

  const slot = traffic.take(a);
  slot.rest(1000);
  slot.end("neither");
  const early = ask("early");
  await Bun.sleep(0);
  expect(traffic.queue.size).toBe(1);
  clock.advance(1000);
  const late = ask("late");
  await Bun.sleep(0);
  clock.advance(1000);
  await Promise.all([early, late]);
  expect(served).toEqual(["early", "late"]);
});
