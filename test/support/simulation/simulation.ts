/** A simulated router: requests that want places at backends, get them, wait for them, and end. Nothing of it takes real time. */

import { best } from "../../../src/domain/choose.ts";
import type { Verdict } from "../../../src/traffic/slot.ts";
import { Traffic } from "../../../src/traffic/traffic.ts";
import type { Random } from "../random.ts";
import { VirtualClock } from "../virtual-clock.ts";
import { Invariants, must } from "./invariants.ts";
import { prospectOf } from "./prospect.ts";
import type { Tally } from "./tally.ts";
import { randomWorld, type Request, type Taken, type Wish, type World } from "./world.ts";

export class Simulation {
  readonly clock = new VirtualClock();
  readonly traffic: Traffic;
  readonly world: World;
  /** The one that came first before the others. */
  readonly waiting: Request[] = [];
  readonly running: Request[] = [];
  private readonly tally: Tally;
  private readonly invariants: Invariants;
  private made = 0;
  private over = 0;

  constructor(random: Random, tally: Tally) {
    this.tally = tally;
    this.world = randomWorld(random);
    this.traffic = new Traffic({
      clock: this.clock,
      random: () => random.next(),
      maxInflight: this.world.maxInflight,
      onResumed: (name) => this.resumed(name),
    });
    this.invariants = new Invariants(this.world, this.traffic, this);
  }

  /** Whether all is as it must be. */
  check(): void {
    this.invariants.check();
  }

  /** A request is given a place, or waits for one, or is told that there is none. */
  arrive(wish: Wish, conversation: bigint): void {
    const { traffic, clock, tally } = this;
    const sinceMs = clock.now();
    const request: Request = { wish, conversation, sinceMs, state: "asking", leave() {}, taken: undefined };
    this.made++;
    tally.requests++;
    if (this.claim(request) === true) return;
    const { passes, wakesAtMs } = prospectOf(request, traffic);
    if (!passes) return this.end(request);
    const waiter = {
      line: wish.line,
      kind: `${wish.line} ${wish.bits}`,
      claim: () => this.claim(request),
      refuse: (why: "full" | "timeout") => this.refuse(request, why),
    };
    request.leave = traffic.queue.join(waiter, this.world.queue, wakesAtMs);
    // it may have been turned away already
    if (request.state !== "asking") return;
    request.state = "waiting";
    this.waiting.push(request);
    tally.queued++;
  }

  /** The client of one that waits leaves. */
  leave(request: Request): void {
    drop(request, this.waiting);
    this.end(request);
    request.leave();
  }

  /** A running one ends. It may go on to the other places that it wanted. */
  finish(request: Request, verdict: Verdict, isRetried = false): void {
    const { place, slot } = takenBy(request);
    drop(request, this.running);
    place.running--;
    place.excess = Math.min(place.excess, place.running);
    if (place.trial === request) {
      place.trial = undefined;
      place.isProven = verdict === "good";
      if (verdict === "neither") this.tally.abandoned++;
    }
    this.end(request);
    if (verdict === "good") this.traffic.conversations.remember(request.conversation, place.party.name);
    slot.end(verdict);
    const { line, targets, bits } = request.wish;
    if (!isRetried || targets.length === 1) return;
    this.tally.retried++;
    const left = targets.filter((target) => target.place !== place);
    this.arrive({ line, targets: left, bits: bits & ~place.bit }, request.conversation);
  }

  /** Ends all that is under way, after which nothing may be left of it. */
  settle(): void {
    for (const { party } of this.world.places) this.traffic.drains.resume(party.name);
    for (const request of [...this.waiting]) if (request.state === "waiting") this.leave(request);
    for (const request of [...this.running]) this.finish(request, "good");
    this.check();
    must(this.over === this.made, "all requests end", this.over, this.made);
    // of the queue there may be one left that wakes it
    must(this.clock.pending <= 1, "who has ended waits for no alarm", this.clock.pending);
  }

  private claim(request: Request): true | number {
    const { traffic, tally } = this;
    const { free, wakesAtMs } = prospectOf(request, traffic);
    const home = traffic.conversations.homeOf(request.conversation);
    const chosen = best(free, ({ place }) => place.party.name === home);
    if (chosen === undefined) return wakesAtMs;
    const { place } = chosen.candidate;
    this.invariants.taking(request, place);
    if (place.party.name === home) tally.homes++;
    if (place.party.duty.breaker.untilMs !== undefined) {
      place.trial = request;
      tally.tries++;
    }
    if (request.state === "waiting") {
      drop(request, this.waiting);
      tally.served++;
    }
    place.running++;
    request.state = "running";
    this.running.push(request);
    request.taken = { place, slot: traffic.take(place.party, chosen.turn) };
    return true;
  }

  private refuse(request: Request, why: "full" | "timeout"): void {
    this.invariants.refusing(request, why);
    if (why === "timeout") drop(request, this.waiting);
    this.tally[why === "full" ? "full" : "late"]++;
    this.end(request);
  }

  private end(request: Request): void {
    must(request.state !== "over", "every request ends once");
    request.state = "over";
    this.over++;
  }

  private resumed(name: string): void {
    const place = this.world.places.find(({ party }) => party.name === name);
    const wasDrained = place !== undefined && place.drainedUntilMs > -Infinity;
    must(wasDrained, "only what was drained comes back, and once", name);
    if (wasDrained) place.drainedUntilMs = -Infinity;
  }
}

/** The place that a request runs at, or ran at. */
export function takenBy({ taken }: Request): Taken {
  if (taken === undefined) throw new Error("A request that has no place");
  return taken;
}

function drop(request: Request, crowd: Request[]): void {
  const at = crowd.indexOf(request);
  must(at !== -1, "nobody who waits or runs is something else at the same time", request.state);
  crowd.splice(at, 1);
}
