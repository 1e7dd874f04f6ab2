/** What happens in a simulation: each event at random, and each as often as the mood of a run has it. */

import type { Verdict } from "../../../src/traffic/slot.ts";
import type { Random } from "../random.ts";
import { must } from "./invariants.ts";
import { Simulation, takenBy } from "./simulation.ts";
import { emptyTally, type Tally } from "./tally.ts";
import { type Place, randomLimits, randomWeight, type Request } from "./world.ts";

interface Run {
  readonly simulation: Simulation;
  readonly random: Random;
  /** Some that are over. */
  readonly ended: Request[];
}

const EVENTS: readonly (readonly [what: string, often: number, event: (run: Run) => void])[] = [
  ["a request arrives", 30, arrive],
  ["one ends well", 12, (run) => onRunning(run, (request) => finish(request, "good", run))],
  ["one fails", 4, (run) => onRunning(run, (request) => finish(request, "answer", run))],
  ["one gets no connection", 4, (run) => onRunning(run, (request) => finish(request, "connection", run))],
  ["a client leaves", 3, (run) => onRunning(run, (request) => finish(request, "neither", run))],
  ["a client leaves the queue", 3, leave],
  ["a first byte is there", 6, (run) => onRunning(run, (request) => hear(request, "answered"))],
  ["a connection is there", 3, (run) => onRunning(run, (request) => hear(request, "connected"))],
  ["another byte is there", 2, (run) => onRunning(run, (request) => takenBy(request).slot.alive())],
  ["a backend is busy", 2, (run) => onRunning(run, (request) => rest(request, run))],
  ["a probe comes back", 4, probe],
  ["a backend is drained for a while", 1, (run) => drain(run, 1 + span(run.random))],
  ["a backend is drained", 0.3, (run) => drain(run, Infinity)],
  ["a backend is resumed", 1, resume],
  ["a backend has other settings", 0.3, change],
  ["a call about models comes and goes", 1, visit],
  ["somebody speaks of one that is over", 1, speakAgain],
  ["time passes", 12, ({ simulation, random }) => simulation.clock.advance(span(random))],
];

/** Simulates so many events, and adds what came of them to the tally. Throws at the first that breaks a promise. */
export function simulate(random: Random, events: number, tally: Tally = emptyTally()): void {
  const simulation = new Simulation(random, tally);
  const run = { simulation, random, ended: [] };
  // one run has hardly any failures, another hardly any that end well
  const moods = EVENTS.map(([, often]) => often * (0.1 + 2 * random.next() ** 2));
  const total = moods.reduce((sum, often) => sum + often, 0);
  for (let step = 1; step <= events; step++) {
    let at = random.next() * total;
    const [what, , event] = EVENTS[moods.findIndex((often) => (at -= often) < 0)] ?? ["nothing", 0, () => {}];
    try {
      event(run);
      simulation.check();
    } catch (failure) {
      throw new Error(`${String(failure)} (event ${step}: ${what})`, { cause: failure });
    }
  }
  simulation.settle();
}

/** Where there is none of them, nothing happens. */
function onOne(requests: readonly Request[], random: Random, deed: (request: Request) => void): void {
  if (requests.length > 0) deed(random.pick(requests));
}

function onRunning({ simulation, random }: Run, deed: (request: Request) => void): void {
  onOne(simulation.running, random, deed);
}

const SPANS_MS = [0, 1, 10, 10, 100, 100, 1000, 10_000] as const;

function span(random: Random): number {
  return random.pick(SPANS_MS) * (1 + random.below(3));
}

function arrive({ simulation, random }: Run): void {
  simulation.arrive(random.pick(simulation.world.wishes), BigInt(random.below(20)));
}

function leave({ simulation, random }: Run): void {
  onOne(simulation.waiting, random, (request) => simulation.leave(request));
}

function finish(request: Request, verdict: Verdict, { simulation, random, ended }: Run): void {
  simulation.finish(request, verdict, verdict !== "good" && random.chance(0.5));
  ended[ended.length < 8 ? ended.length : random.below(8)] = request;
}

/** What becomes known of its backend lets others in where it was the one that tried. */
function hear(request: Request, what: "connected" | "answered"): void {
  const { place, slot } = takenBy(request);
  const { untilMs, severed } = place.party.duty.breaker;
  const isFound = what === "answered" || (untilMs !== undefined && severed);
  if (place.trial === request && isFound) {
    place.trial = undefined;
    place.isProven = true;
  }
  slot[what]();
}

/** Its backend says that it is busy. */
function rest(request: Request, run: Run): void {
  const { place, slot } = takenBy(request);
  const forMs = span(run.random);
  place.restsUntilMs = Math.max(place.restsUntilMs, run.simulation.clock.now() + forMs);
  slot.rest(forMs);
  finish(request, "neither", run);
}

function placeIn({ simulation, random }: Run): Place {
  return random.pick(simulation.world.places);
}

/** A backend is looked at: it may be down, or be back. Whoever looks lets the queue know. */
function probe(run: Run): void {
  const { traffic } = run.simulation;
  const place = placeIn(run);
  place.up = run.random.chance(0.8);
  traffic.probed(place.party, place.up);
  traffic.queue.serve();
}

function drain(run: Run, forMs: number): void {
  const { traffic, clock } = run.simulation;
  const place = placeIn(run);
  place.drainedUntilMs = clock.now() + forMs;
  traffic.drains.drain(place.party.name, forMs);
}

function resume(run: Run): void {
  const { traffic } = run.simulation;
  const { drainedUntilMs, party } = placeIn(run);
  const isResumed = traffic.drains.resume(party.name);
  must(isResumed === drainedUntilMs > -Infinity, "whoever resumes a backend is told whether it was drained");
}

/** Another configuration comes into force, in which the backend has other limits. */
function change(run: Run): void {
  const { random, simulation } = run;
  const place = placeIn(run);
  place.excess = place.running;
  place.party = { ...place.party, limits: randomLimits(random), weight: randomWeight(random) };
  simulation.traffic.queue.serve();
}

/** A call about models comes beside those that are counted. */
function visit(run: Run): void {
  const slot = run.simulation.traffic.visit(placeIn(run).party);
  slot.end(run.random.pick(["good", "answer", "connection", "neither"]));
}

/** What is over stays over, whatever is said of it. */
function speakAgain({ ended, random }: Run): void {
  onOne(ended, random, (request) => {
    const { slot } = takenBy(request);
    const end = (): void => slot.end(random.pick(["good", "answer", "neither"]));
    random.pick([end, () => slot.answered(), () => slot.connected()])();
  });
}
