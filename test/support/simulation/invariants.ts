/** What must be true of traffic at any time. It is told by what was done, not by what traffic says of itself. */

import type { Traffic } from "../../../src/traffic/traffic.ts";
import type { Place, Request, World } from "./world.ts";

/** Throws with the words of the promise, and what it is about, where it is broken. */
export function must(isTrue: boolean, promise: string, ...about: readonly unknown[]): void {
  if (!isTrue) throw new Error([`Not true: ${promise}`, ...about].join(", "));
}

export interface Crowd {
  /** The one that came first before the others. */
  readonly waiting: readonly Request[];
  readonly running: readonly Request[];
}

export class Invariants {
  private readonly world: World;
  private readonly traffic: Traffic;
  private readonly crowd: Crowd;

  constructor(world: World, traffic: Traffic, crowd: Crowd) {
    this.world = world;
    this.traffic = traffic;
    this.crowd = crowd;
  }

  /** A request is about to be given this place. */
  taking(request: Request, place: Place): void {
    const nowMs = this.traffic.clock.now();
    const { duty, limits, name } = place.party;
    const { untilMs } = duty.breaker;
    must(
      request.state === "asking" || request.state === "waiting",
      "whoever is given a place has none, and has not left",
    );
    must(place.up, "a backend that is down gets nothing", name);
    must(place.drainedUntilMs === -Infinity, "a drained backend gets nothing", name);
    must(place.restsUntilMs <= nowMs, "a resting backend gets nothing", name);
    must(untilMs === undefined || untilMs <= nowMs, "an open breaker lets nothing through", name);
    must(
      untilMs === undefined || place.trial === undefined,
      "a half-open breaker lets one request try",
      name,
    );
    must(place.running < (limits.maxInflight ?? Infinity), "no backend gets more than max_inflight", name);
    must(
      this.crowd.running.length < this.world.maxInflight,
      "all backends together get no more than they may",
    );
    for (const older of this.crowd.waiting) {
      if (older === request) break;
      must(
        (older.wish.bits & place.bit) === 0,
        "a place goes to whoever has waited for it for longest",
        name,
      );
    }
    for (const { place: other, rank } of request.wish.targets) {
      const mine = request.wish.targets.find((target) => target.place === place)?.rank ?? 0;
      const isBetter = rank < mine || (rank === mine && other.priority > place.priority);
      must(!isBetter || !this.isFree(other, nowMs), "the best of those that are free is chosen", name);
    }
  }

  /** A waiter is told that it waited for nothing. */
  refusing(request: Request, why: "full" | "timeout"): void {
    const { waiting } = this.crowd;
    const { size, timeoutMs } = this.world.queue;
    if (why === "full") {
      const ahead = waiting.filter(({ wish }) => wish.line === request.wish.line).length;
      must(ahead === size && request.state === "asking", "only a full line turns somebody away", ahead);
    } else {
      const waitedMs = this.traffic.clock.now() - request.sinceMs;
      must(request.state === "waiting", "only who waits has waited for too long", request.state);
      must(waitedMs === timeoutMs, "who waits has all of its time", waitedMs);
    }
  }

  /** After every event. */
  check(): void {
    const { places, queue, maxInflight, wishes } = this.world;
    const { waiting, running } = this.crowd;
    const nowMs = this.traffic.clock.now();
    let freeBits = 0;
    let total = 0;
    for (const place of places) {
      const { duty, limits, name } = place.party;
      must(
        duty.inflight === place.running,
        "requests in flight are those that run",
        name,
        duty.inflight,
        place.running,
      );
      must(
        place.running <= Math.max(place.excess, limits.maxInflight ?? Infinity),
        "no backend exceeds max_inflight",
        name,
      );
      const isBack = place.drainedUntilMs === -Infinity || place.drainedUntilMs > nowMs;
      must(isBack, "a drained backend comes back in time", name);
      const isShut = duty.breaker.untilMs !== undefined;
      must(isShut || !place.isShut || place.isProven, "only the one that tries closes a breaker", name);
      place.isShut = isShut;
      place.isProven = false;
      total += place.running;
      if (this.isFree(place, nowMs)) freeBits |= place.bit;
    }
    must(total === running.length, "whoever runs does so somewhere");
    must(
      this.traffic["inflight"] === total,
      "requests in flight over all backends are those that run",
      total,
    );
    must(total <= maxInflight, "all backends together do not exceed what they may");
    for (const { wish, sinceMs } of waiting) {
      must((wish.bits & freeBits) === 0, "nobody waits while a place that it could use is free", wish.line);
      must(nowMs - sinceMs < queue.timeoutMs, "nobody waits for too long", nowMs - sinceMs);
    }
    must(this.traffic.queue.size === waiting.length, "those in the queue are those who wait");
    for (const { line } of wishes) {
      let length = 0;
      for (const { wish } of waiting) if (wish.line === line) length++;
      must(
        this.traffic.queue.lengthOf(line) === length,
        "each line is as long as those who wait in it",
        line,
      );
      must(length <= queue.size, "no line is longer than it may be", line);
    }
  }

  /** Whether a request that wants it would have to be given a place there. */
  private isFree(place: Place, nowMs: number): boolean {
    const { duty, limits } = place.party;
    const { untilMs } = duty.breaker;
    return (
      place.up &&
      place.drainedUntilMs === -Infinity &&
      place.restsUntilMs <= nowMs &&
      (untilMs === undefined || (untilMs <= nowMs && place.trial === undefined)) &&
      place.running < (limits.maxInflight ?? Infinity) &&
      this.crowd.running.length < this.world.maxInflight
    );
  }
}
