/** What `resolve` says is chosen is what the next request gets, whatever has happened before. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { ask, labelOf, SOON_MS } from "../support/asking.ts";
import { rawBackend, type Talk } from "../support/backend.ts";
import { eventually, within } from "../support/deadline.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { type BackendTable, routerOver } from "../support/over.ts";
import { forSeedsInTurn, type Random } from "../support/random.ts";
import { resolved } from "../support/resolved.ts";
import { inflight } from "../support/status.ts";

// a busy machine takes its time
setDefaultTimeout(60_000);

const SEEDS = 4;
const STEPS = 100;
const NAMES = ["a", "b", "c", "d"];
const MODELS = ["m", "n", "pool", "order", "weighed"];

/** Nothing changes by itself while it is compared. */
const TOML = `
[routing]
queue_size = 0
[health]
probe_interval = "1h"
pause = "1h"
max_pause = "1h"
failures = 3
[aliases]
pool = ["n", "m"]
order = { targets = ["n", "m"], strategy = "order" }
weighed = { targets = [{ model = "m", backend = "a", weight = 5 }, "m"] }
`;

/** What the engine that is asked first does; whoever is asked after it answers well. */
type Fate = "is held" | "is answered" | "is refused" | "finds it busy";
const FATES: readonly Fate[] = [
  ...Array.from<Fate>({ length: 10 }).fill("is held"),
  ...Array.from<Fate>({ length: 10 }).fill("is answered"),
  "is refused",
  "is refused",
  "finds it busy",
];

interface Arrival {
  readonly place: string;
  readonly talk: Talk;
}

class World {
  readonly router: Mellamo;
  private readonly firsts: ReadonlyMap<string, Arrival>;
  private readonly random: Random;
  private readonly held: Talk[] = [];
  private asked = 0;

  constructor(router: Mellamo, firsts: ReadonlyMap<string, Arrival>, random: Random) {
    this.router = router;
    this.firsts = firsts;
    this.random = random;
  }

  async step(): Promise<void> {
    if (this.random.chance(0.6)) return this.ask();
    if (this.random.chance(0.6)) return this.release();
    const deed = this.random.chance(0.3) ? "drain" : "resume";
    await fetch(`${this.router.url}/mellamo/backends/${this.random.pick(NAMES)}/${deed}`, { method: "POST" });
  }

  /** Asks, and compares. */
  private async ask(): Promise<void> {
    const model = this.random.pick(MODELS);
    const fate = this.random.pick(FATES);
    const label = `${this.asked++} ${fate}`;
    const { candidates, problem } = await resolved(this.router, model, "/v1/chat/completions");
    const chosen = candidates.find((candidate) => candidate.chosen);
    const { answer } = ask(this.router, label, { model });
    if (chosen === undefined) {
      const { status } = await within(SOON_MS, answer);
      // what could be waited for finds no queue here
      expect([model, candidates, status]).toEqual([model, candidates, problem?.status ?? 503]);
      return;
    }
    const { place, talk } = await eventually(SOON_MS, () => this.firsts.get(label));
    expect([model, candidates, place]).toEqual([model, candidates, `${chosen.backend} as ${chosen.model}`]);
    if (fate === "is held") this.held.push(talk);
    else await (await within(SOON_MS, answer)).text();
  }

  /** Lets the engine answer one of those that it holds. */
  private async release(): Promise<void> {
    const talk = this.held.splice(this.random.below(this.held.length), 1)[0];
    await talk?.answer(200, "{}");
    await eventually(SOON_MS, async () => (await inflight(this.router)) === this.held.length);
  }
}

test("over random fleets and random histories", async () => {
  await forSeedsInTurn(SEEDS, async (random) => {
    await using stack = new AsyncDisposableStack();
    const firsts = new Map<string, Arrival>();
    const tables: Record<string, BackendTable> = {};
    for (const name of NAMES) {
      const behave = (talk: Talk): Promise<void> | void => {
        const label = labelOf(talk);
        if (firsts.has(label)) return talk.answer(200, "{}");
        const { model } = JSON.parse(talk.body.toString()) as { model: string };
        firsts.set(label, { place: `${name} as ${model}`, talk });
        return ANSWERS[label.replace(/^\d+ /, "") as Fate](talk);
      };
      const models = random.pick([["m"], ["m", "n"], ["n", "m"], ["n"]]);
      const { url } = stack.use(await rawBackend(models, behave));
      tables[name] = {
        url,
        engine: "openai",
        priority: random.pick([100, 100, 100, 200]),
        weight: random.pick([1, 1, 2, 0.5]),
        max_inflight: random.pick([1, 2, 100]),
      };
    }
    const world = new World(stack.use(await routerOver(tables, TOML)), firsts, random);
    for (let step = 0; step < STEPS; step++) await world.step();
  });
});

const ANSWERS: Readonly<Record<Fate, (talk: Talk) => Promise<void> | void>> = {
  "is held": () => {},
  "is answered": (talk) => talk.answer(200, "{}"),
  "is refused": (talk) => talk.answer(502, "{}"),
  "finds it busy": (talk) => talk.answer(429, "{}", { "retry-after": "60" }),
};
