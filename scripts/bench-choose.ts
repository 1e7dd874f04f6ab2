/**
 * Measures what choosing a backend costs: `bun run bench:choose`. Ends with 1 where that takes too long for one request.
 *
 * Everything but the network is real: the fleet with its catalog, the survey, the choice, places and breakers. Some
 * hundred requests are in flight all the time, so that some backends are full; one is drained, and one has failed.
 */

import { openingOf } from "../src/bytes/conversation.ts";
import { readConfig } from "../src/config/read.ts";
import { bookOf } from "../src/domain/book.ts";
import { best } from "../src/domain/choose.ts";
import { isProblem } from "../src/domain/problem.ts";
import type { Route } from "../src/domain/resolve.ts";
import { modelOf } from "../src/engines/model.ts";
import { Backend } from "../src/fleet/backend.ts";
import { Fleet } from "../src/fleet/fleet.ts";
import { Looks } from "../src/fleet/looks.ts";
import { survey } from "../src/fleet/survey.ts";
import type { Exchange } from "../src/http/exchange.ts";
import { find } from "../src/http/finding.ts";
import { QueuedLine } from "../src/http/queued-line.ts";
import type { Snapshot } from "../src/http/snapshot.ts";
import { newTrail } from "../src/proxy/trail.ts";
import type { Slot } from "../src/traffic/slot.ts";
import { systemTraffic } from "../src/traffic/traffic.ts";

const BACKENDS = 50;
const MODELS = 1000;
const PATH = "/v1/chat/completions";

/** What choosing may take for a request in the middle of many. */
const MAX_US = 10;

/** Each work has its turn in each round, so that a busy moment of the machine is not the fault of one. */
const ROUNDS = 9;
const REQUESTS_A_ROUND = 10_000;
const IN_FLIGHT = 300;

const modelName = (index: number): string => `org/model-${index % MODELS}:8b`;

const toml = Array.from(
  { length: BACKENDS },
  (_, index) => `[[backend]]
url = "http://127.0.0.1:${10_000 + index}"
engine = "openai"
weight = ${1 + (index % 3)}
max_inflight = 8
pause = "1d"
max_pause = "1d"
`,
).join("");
const read = readConfig(toml, "bench.toml", {});
if (read.kind === "mistakes") throw new Error(JSON.stringify(read.mistakes));
const { config } = read;

const traffic = systemTraffic();
const backends = config.backends.map((settings) => {
  const backend = new Backend(settings);
  const models = Array.from({ length: MODELS }, (_, index) => modelOf(modelName(index)));
  backend.restock({ models, version: undefined }, 0);
  return backend;
});
const rules = { pins: new Map(), models: new Map(), listing: { only: "all", aliases: true } } as const;
const fleet = new Fleet(backends, rules, new Looks(Date.now, traffic), traffic, Date.now);
const [drained, failing] = backends;
if (drained !== undefined) traffic.drains.drain(drained.name);
for (let failures = 0; failing !== undefined && failures < failing.limits.failures; failures++)
  traffic.take(failing).end("connection");

/** Requests that are under way, the oldest first. */
const running: Slot[] = [];

function run(slot: Slot): void {
  running.push(slot);
  if (running.length > IN_FLIGHT) running.shift()?.end("good");
}

function routeTo(...models: readonly string[]): Route {
  const targets = models.map((model) => ({ model, rank: 0, by: [] }));
  return { asked: models[0] ?? "", alias: undefined, via: [], targets };
}

/** What is done for one request: it is given a place, and an earlier one gives its place back. */
function choose(route: Route, conversation?: bigint): void {
  const ready = survey(route, PATH, fleet).filter(({ verdict }) => verdict.kind === "ready");
  const home = conversation === undefined ? undefined : traffic.conversations.homeOf(conversation);
  const choice = best(ready, ({ backend }) => backend.name === home);
  if (choice === undefined) throw new Error("All are full: too many are in flight");
  const { backend } = choice.candidate;
  if (conversation !== undefined) traffic.conversations.remember(conversation, backend.name);
  run(traffic.take(backend, choice.turn));
}

/** The same as the router does it, from the name on. Of a snapshot and an exchange nobody looks at more than this. */
const snapshot = { config, fleet, book: bookOf([]) } as unknown as Snapshot;
const exchange = { snapshot, trail: newTrail() } as unknown as Exchange;
const wanted = { path: PATH, unknown: (name: string) => name };

async function findAndChoose(name: string): Promise<void> {
  const found = await find(name, wanted, snapshot);
  if (isProblem(found)) throw new Error(JSON.stringify(found));
  const line = new QueuedLine({
    exchange,
    found,
    conversation: () => undefined,
    whyNone: () => ({ problem: "busy" }),
  });
  const placed = await line.next(true);
  if (placed === undefined || isProblem(placed)) throw new Error(JSON.stringify(placed));
  run(placed.slot);
}

type Work = (turn: number) => void | Promise<void>;

const routes = Array.from({ length: MODELS }, (_, index) => routeTo(modelName(index)));
const aliases = Array.from({ length: MODELS }, (_, index) =>
  routeTo(...[index, index + 1, index + 2].map(modelName)),
);
const routeOf = (turn: number): Route => routes[turn % MODELS] ?? routeTo();
const aliasOf = (turn: number): Route => aliases[turn % MODELS] ?? routeTo();

let freshCount = 0n;

/** The first is what must not take too long. */
const WORKS: readonly (readonly [what: string, work: Work])[] = [
  ["survey, best, place", (turn) => choose(routeOf(turn))],
  ["and one of 5,000 conversations that go on", (turn) => choose(routeOf(turn), BigInt(turn % 5000))],
  ["and a conversation that is new", (turn) => choose(routeOf(turn), 5000n + freshCount++)],
  ["an alias of 3 models that all of them have", (turn) => choose(aliasOf(turn))],
  ["the survey alone", (turn) => void survey(routeOf(turn), PATH, fleet)],
  ["as the router does it: name, survey, line, place", (turn) => findAndChoose(modelName(turn))],
];

/** In microseconds, the shortest first. */
async function timesOf(work: Work, turns: number): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const startedAt = Bun.nanoseconds();
    const done = work(turn);
    if (done !== undefined) await done;
    times.push((Bun.nanoseconds() - startedAt) / 1000);
  }
  return times.sort((a, b) => a - b);
}

/** A chat of about so many bytes, in turns of some hundred. */
function chatOf(bytes: number): Uint8Array {
  const content = 'The quick brown fox jumps over the "lazy" dog.\n'.repeat(8);
  const turns = Array.from({ length: Math.floor((bytes - 1300) / 440) }, () => ({ role: "user", content }));
  const messages = [{ role: "system", content: "You are a helpful assistant. ".repeat(40) }, ...turns];
  return new TextEncoder().encode(JSON.stringify({ model: "m", messages, stream: true }));
}

function hashing(kb: number): Work {
  const body = chatOf(kb * 1024);
  return () => void Bun.hash.wyhash(openingOf(body, ["messages"]) ?? "", 0n);
}

/** The part of sorted numbers below which so many of them are. */
function below(part: number, sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}

function column(value: number | string): string {
  return (typeof value === "number" ? value.toFixed(2) : value).padStart(11);
}

const works = [
  ...WORKS.map(([what, work]) => ({ what, work, turns: REQUESTS_A_ROUND })),
  ...[4, 400].map((kb) => ({
    what: `the hash of a conversation of ${kb} KB`,
    work: hashing(kb),
    turns: 500,
  })),
].map((one) => ({ ...one, medians: [] as number[], lates: [] as number[] }));

// the first round is not counted
for (let round = 0; round <= ROUNDS; round++) {
  for (const { work, turns, medians, lates } of works) {
    const times = await timesOf(work, turns);
    if (round === 0) continue;
    medians.push(below(0.5, times));
    lates.push(below(0.99, times));
  }
}

console.log(`${BACKENDS} backends with the same ${MODELS} models, ${IN_FLIGHT} requests in flight\n`);
console.log("µs per request".padEnd(50) + column("median") + column("p99"));
const shown = works.map(({ what, medians, lates }) => {
  const [median, late] = [medians, lates].map((us) =>
    below(
      0.5,
      us.toSorted((a, b) => a - b),
    ),
  );
  console.log(what.padEnd(50) + column(median ?? Number.NaN) + column(late ?? Number.NaN));
  return median ?? Infinity;
});
if (!((shown[0] ?? Infinity) < MAX_US)) {
  console.log(`\nChoosing takes ${MAX_US} µs or more.`);
  process.exitCode = 1;
}
