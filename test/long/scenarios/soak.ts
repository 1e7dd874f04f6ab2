/**
 * Clients ask without a pause while backends are killed, frozen, slow and unwilling, by a plan that a seed brings back.
 * What a router owes to a request is said in `timeline.ts`, what is done to the backends in `plan.ts`.
 */

import { Random } from "../../support/random.ts";
import { rssOf } from "../../support/rss.ts";
import { ask, type Outcome, type Request } from "../../support/soak/client.ts";
import { Connection } from "../../support/soak/connection.ts";
import type { EngineProcess } from "../../support/soak/engine-process.ts";
import { ableFor, NAMES, startFleet } from "../../support/soak/fleet.ts";
import { becomeIdle } from "../../support/soak/idle.ts";
import { type Act, planOf } from "../../support/soak/plan.ts";
import { DIALECTS } from "../../support/soak/speech.ts";
import { watchStalls } from "../../support/soak/stalls.ts";
import { SETTLE_MS, Timeline } from "../../support/soak/timeline.ts";
import { judge, type Judged } from "../../support/soak/verdict.ts";

const CLIENTS = 64;

/** Conversations of each client. */
const CONVERSATIONS = 4;

const LEAVE_CHANCE = 0.1;
const LEAVE_WITHIN_MS = 600;
const MAX_WORDS = 24;

/** Whoever was refused does not ask again at once. */
const REFUSED_PAUSE_MS = 100;

/** In the end: until the router can know that all are well, and then a while in which its breakers are tried. */
const CALM_MS = SETTLE_MS + 1500;

/** Between two requests of a client, at most. */
const PAUSE_MS = 50;

export interface Soaked {
  readonly outcomes: readonly Judged[];
  readonly timeline: Timeline;
  /** The router's memory from the start on, in MiB. */
  readonly rssMib: readonly number[];
  /** What failed, when, and what the router's log says of it; and what was left over when all was done. */
  readonly failures: readonly string[];
}

/** `lengthMs` of troubles, and then some time with traffic and without any. */
export async function soak(lengthMs: number, seed: number): Promise<Soaked> {
  const random = new Random(seed);
  await using fleet = await startFleet(random);
  const { engines, router } = fleet;
  const plan = planOf(engines.length, lengthMs, random);
  const timeline = new Timeline();
  const outcomes: Outcome[] = [];
  const rssMib = [await rssOf(router.pid)];
  using _ = watchStalls((span) => timeline.stalled(span));
  let isOver = false;

  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    const own = new Random(seed * CLIENTS + client);
    using connection = new Connection(router.port);
    for (let turn = 0; !isOver; turn++) {
      const outcome = await ask(connection, requestOf(client, turn, own));
      outcomes.push(outcome);
      await Bun.sleep(own.below(PAUSE_MS) + (outcome.kind === "refused" ? REFUSED_PAUSE_MS : 0));
    }
  });
  const watching = setInterval(async () => void rssMib.push(await rssOf(router.pid)), lengthMs / 10);
  try {
    await Promise.all(engines.map((engine, index) => trouble(engine, plan[index] ?? [], timeline)));
    await Bun.sleep(CALM_MS);
  } finally {
    isOver = true;
    await Promise.all(clients);
    clearInterval(watching);
  }
  const unrest = await becomeIdle(router).then(() => [], String);
  rssMib.push(await rssOf(router.pid));
  const judged = outcomes.map((outcome) => judge(outcome, timeline));
  const failed = judged.filter(({ verdict }) => verdict === "failed");
  const failures = failed.map((outcome) => {
    const lines = router.log.all.filter((line) => line.includes(`id=${outcome.request.id} `));
    return [describe(outcome), timeline.tell(outcome), ...lines].join("\n  ");
  });
  return { outcomes: judged, timeline, rssMib, failures: [...unrest, ...failures] };
}

function requestOf(client: number, turn: number, random: Random): Request {
  const names = NAMES.flatMap(({ name, parts }) => Array.from({ length: parts }, () => name));
  const name = random.pick(names);
  return {
    id: `${client}-${turn}`,
    name,
    dialect: random.pick(DIALECTS.filter((dialect) => ableFor(name, dialect).length > 0)),
    isStreamed: random.chance(0.6),
    question: {
      conversation: `c${client}.${random.below(CONVERSATIONS)}`,
      turn,
      words: 1 + random.below(MAX_WORDS),
    },
    leavesAfterMs: random.chance(LEAVE_CHANCE) ? random.below(LEAVE_WITHIN_MS) : undefined,
  };
}

/** Does to an engine what is planned, one after the other, and notes it. */
async function trouble(engine: EngineProcess, acts: readonly Act[], timeline: Timeline): Promise<void> {
  const startedMs = performance.now();
  for (const { trouble: what, atMs, forMs, mood } of acts) {
    await Bun.sleep(Math.max(0, startedMs + atMs - performance.now()));
    const over = timeline.begin(engine.name, what);
    if (what === "killed") await engine.kill();
    else if (what === "frozen") engine.freeze();
    else await engine.be(mood);
    await Bun.sleep(forMs);
    if (what === "killed") await engine.restart();
    else if (what === "frozen") engine.thaw();
    else await engine.cheerUp();
    over();
  }
}

function describe({ request, kind, status, backend, attempts, queuedMs, bytes, why }: Outcome): string {
  const { id, name, dialect, isStreamed } = request;
  const head = `${id} ${name} ${dialect}${isStreamed ? " streamed" : ""}`;
  const way = `status ${status} of ${backend}, ${attempts} attempts, ${queuedMs} ms queued, ${bytes} bytes`;
  return `${head}: ${kind}, ${way}: ${why}`;
}
