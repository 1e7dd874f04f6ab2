/**
 * Measures mellamo beside nginx and a bare passthrough on Bun: `bun run bench`. Ends with 1 where a budget does not hold,
 * and with 2 where it cannot measure. All that it starts listens on 127.0.0.1 and ends with it. Linux alone tells what
 * processes use.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { type Verdict, verdictsOf } from "./bench/budgets.ts";
import { DRESSES, OFF, ON } from "./bench/dresses.ts";
import { startEngine } from "./bench/engine.ts";
import { findPrograms } from "./bench/needs.ts";
import { type Options, optionsOf, USAGE } from "./bench/options.ts";
import type { Part } from "./bench/part.ts";
import { bodies } from "./bench/parts/bodies.ts";
import { features } from "./bench/parts/features.ts";
import { memory } from "./bench/parts/memory.ts";
import { requests } from "./bench/parts/requests.ts";
import { size } from "./bench/parts/size.ts";
import { start } from "./bench/parts/start.ts";
import { streams } from "./bench/parts/streams.ts";
import { uploads } from "./bench/parts/uploads.ts";
import { reportOf, verdictLines } from "./bench/report.ts";
import { type Results, runPart } from "./bench/run.ts";
import { standing, type System } from "./bench/system.ts";
import { bareOf, compile, type Ground, mellamoOf, nginxOf } from "./bench/systems.ts";
import { Wrk } from "./bench/wrk.ts";

const PARTS: readonly Part[] = [requests, features, bodies, streams, memory, uploads, start, size];

const NOT_MEASURED = 2;

async function bench(options: Options): Promise<number> {
  if (process.platform !== "linux") return complain("the benchmark runs on Linux alone");
  const programs = findPrograms(process.env["PATH"] ?? "");
  if (typeof programs === "string") return complain(programs);
  const folder = await mkdtemp(join(tmpdir(), "mellamo-bench-"));
  const engine = startEngine(options.port);
  try {
    note("compiling");
    const ground = { engine: engine.url, folder, nginx: programs.nginx, ...(await compile(folder)) };
    return await measure(options, ground, new Wrk(programs.wrk, folder));
  } catch (failure) {
    return complain(failure instanceof Error ? failure.message : String(failure));
  } finally {
    engine.stop();
    await rm(folder, { recursive: true });
  }
}

async function measure({ only, rounds, seconds, isJson, against }: Options, ground: Ground, wrk: Wrk) {
  const direct = standing("direct", { model: "tiny", answered: "tiny" }, ground.engine);
  const other =
    against && standing(against.url, { model: against.model, answered: against.model }, against.url);
  const proxies = [nginxOf(ground), bareOf(ground), mellamoOf(ground, ON), mellamoOf(ground, OFF)];
  const all: readonly System[] = [direct, ...proxies, ...(other === undefined ? [] : [other])];
  const dressed = [nginxOf(ground), ...DRESSES.map((dress) => mellamoOf(ground, dress))];
  const told: Record<string, Results> = {};
  const verdicts: Verdict[] = [];
  for (const part of PARTS) {
    if (only.length > 0 && !only.includes(part.name)) continue;
    const results = await runPart(part, part === features ? dressed : all, rounds, { wrk, seconds }, note);
    told[part.name] = results;
    verdicts.push(...verdictsOf(part.name, results));
    if (!isJson) console.log(reportOf(part, results));
  }
  const machine = { cores: availableParallelism(), bun: Bun.version };
  if (isJson)
    console.log(JSON.stringify({ machine, rounds, seconds, parts: told, budgets: verdicts }, null, 2));
  else console.log(verdictLines(verdicts));
  return verdicts.every(({ holds }) => holds) ? 0 : 1;
}

/** Says on a terminal what is being done; elsewhere nobody looks on. */
function note(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function complain(text: string): number {
  console.error(text);
  return NOT_MEASURED;
}

try {
  const options = optionsOf(
    process.argv.slice(2),
    PARTS.map(({ name }) => name),
  );
  if (options === "help") console.log(USAGE);
  else process.exitCode = await bench(options);
} catch (mistake) {
  process.exitCode = complain(`${mistake instanceof Error ? mistake.message : String(mistake)}\n\n${USAGE}`);
}
