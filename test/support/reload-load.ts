/** Reloads a router again and again while clients ask without a pause, and checks who answers whom. */

import { rename, writeFile } from "node:fs/promises";

import { type RawBackend, rawBackend } from "./backend.ts";
import { listening, type Mellamo, mellamo } from "./mellamo.ts";
import { Random } from "./random.ts";
import { aliasTo, reload, table } from "./reloading.ts";
import { rssOf } from "./rss.ts";

const ENGINES = ["one", "two"] as const;
const ALIASES = ["a", "b", "c"] as const;
const CLIENTS = 12;
const PIECES = 8;

/** Between two reloads, so that most requests see one configuration alone. */
const PAUSE_MS = 25;

/** From when on a configuration may have been in force, and when it was for sure. Times are of `performance.now()`. */
interface Version {
  readonly number: number;
  readonly fromMs: number;
  readonly sureMs: number;
}

/** One request: it ran under a configuration that was in force between its start and the head of its answer. */
interface Seen {
  readonly alias: (typeof ALIASES)[number];
  readonly startMs: number;
  readonly headMs: number;
  readonly from: string;
}

export interface LoadReport {
  readonly requests: number;
  /** Requests of which only one configuration can be the right one. */
  readonly sure: number;
  readonly failed: readonly string[];
  readonly wrong: readonly string[];
  /** The router's memory after each tenth of the reloads, in MiB. */
  readonly rssMib: readonly number[];
}

/** Says in every piece of its answer who it is; pieces come now or after a moment. */
function streamer(name: string): Promise<RawBackend> {
  const piece = `data: {"model":"m","from":"${name}"}\n\n`;
  let turn = 0;
  return rawBackend(["m"], async (talk) => {
    const pauseMs = [0, 1, 10, 40][turn++ % 4] ?? 0;
    await talk.begin(200, { "content-type": "text/event-stream" });
    for (let index = 0; index < PIECES; index++) {
      if (pauseMs > 0) await Bun.sleep(pauseMs);
      await talk.chunk(piece);
    }
    await talk.chunk("");
  });
}

/** Each alias leads to the other engine in the next version. */
function engineOf(alias: (typeof ALIASES)[number], version: number): string {
  return ENGINES[(version + ALIASES.indexOf(alias)) % 2] ?? "";
}

export async function reloadUnderLoad(reloads: number, seed: number): Promise<LoadReport> {
  const random = new Random(seed);
  await using stack = new AsyncDisposableStack();
  const engines = await Promise.all(ENGINES.map(streamer));
  for (const engine of engines) stack.use(engine);

  /** Other settings change now and then, too: a backend that changes is another one to the router. */
  const configOf = (version: number): string => {
    const [one, two] = engines.map((engine, index) =>
      table(ENGINES[index] ?? "", engine, `priority = ${Math.floor(version / (3 + index))}`),
    );
    const third = version % 5 === 0 ? table("nobody", { url: "http://127.0.0.1:9" }) : "";
    const aliases = ALIASES.map((alias) => aliasTo(engineOf(alias, version), alias));
    return listening(`${one}${two}${third}[aliases]\n${aliases.join("")}`);
  };

  const router = stack.use(await mellamo(configOf(0)));
  const versions: Version[] = [{ number: 0, fromMs: 0, sureMs: 0 }];
  const seen: Seen[] = [];
  const failed: string[] = [];
  const rssMib: number[] = [];
  let isDone = false;

  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let turn = client; !isDone; turn++) {
      const alias = ALIASES[turn % ALIASES.length] ?? "a";
      const answer = await ask(router, alias).catch(String);
      if (typeof answer === "string") failed.push(answer);
      else seen.push(answer);
    }
  });

  try {
    for (let number = 1; number <= reloads; number++) {
      await Bun.sleep(random.below(2 * PAUSE_MS));
      const fromMs = performance.now();
      await replace(router, configOf(number), random);
      const status = await loadNow(router, random);
      if (status !== 200) failed.push(`reload ${number}: ${status}`);
      versions.push({ number, fromMs, sureMs: performance.now() });
      if (random.chance(0.1)) await tryMistakes(router, configOf(number), failed);
      if (number % Math.ceil(reloads / 10) === 0) rssMib.push(await rssOf(router.pid));
    }
  } finally {
    isDone = true;
    await Promise.all(clients);
  }
  return { requests: seen.length, failed, rssMib, ...judge(seen, versions) };
}

/** Saves in one of the ways that people and programs do. */
async function replace({ file }: Mellamo, text: string, random: Random): Promise<void> {
  if (random.chance(0.5)) return writeFile(file, text);
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** The watch of the file and signals may load it as well, earlier or later. */
async function loadNow(router: Mellamo, random: Random): Promise<number> {
  if (random.chance(0.3)) process.kill(router.pid, "SIGHUP");
  const answers = await Promise.all(Array.from({ length: 1 + random.below(3) }, () => reload(router)));
  return Math.max(...answers.map(({ status }) => status));
}

/** A file with a mistake, that would change everything, and back. */
async function tryMistakes(router: Mellamo, text: string, failed: string[]): Promise<void> {
  await writeFile(`${router.file}.new`, "[aliases]\na = 1\n");
  await rename(`${router.file}.new`, router.file);
  const { status } = await reload(router);
  if (status !== 400) failed.push(`a file with a mistake: ${status}`);
  await writeFile(`${router.file}.new`, text);
  await rename(`${router.file}.new`, router.file);
}

async function ask(router: Mellamo, alias: Seen["alias"]): Promise<Seen> {
  const startMs = performance.now();
  const response = await fetch(`${router.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: alias, stream: true }),
  });
  const headMs = performance.now();
  const text = await response.text();
  const [, from = ""] = /"from":"(\w+)"/.exec(text) ?? [];
  const whole = `data: {"model":"${alias}","from":"${from}"}\n\n`.repeat(PIECES);
  if (response.status !== 200 || text !== whole) throw new Error(`${response.status} ${text}`);
  return { alias, startMs, headMs, from };
}

function judge(seen: readonly Seen[], versions: readonly Version[]): Pick<LoadReport, "sure" | "wrong"> {
  let sure = 0;
  const wrong: string[] = [];
  for (const { alias, startMs, headMs, from } of seen) {
    const possible = versions.filter(
      ({ fromMs }, index) => fromMs <= headMs && (versions[index + 1]?.sureMs ?? Infinity) >= startMs,
    );
    const right = possible.map(({ number }) => engineOf(alias, number));
    if (new Set(right).size === 1) sure++;
    if (!right.includes(from))
      wrong.push(`${alias} of versions ${possible.map(({ number }) => number).join(", ")} from ${from}`);
  }
  return { sure, wrong };
}
