/**
 * Tries out the archives of a release: `bun run smoke [FOLDER]`. Those that this machine can run are run, where everything
 * is against them; of the others the header and the size are looked at. Linux alone.
 */

import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { whyNot } from "./release/header.ts";
import { ROOT, run } from "./release/run.ts";
import { runnerOf } from "./release/runner.ts";
import { type Target, TARGETS } from "./release/targets.ts";
import { tryOut } from "./release/trial.ts";

/** What is to be said of the archive. Throws where it is no good. */
async function smoke(target: Target, archive: string, scratch: string): Promise<string> {
  await run(["tar", "--extract", `--file=${archive}`, `--directory=${scratch}`]);
  const [folder = ""] = (await readdir(scratch)).filter((name) => name.endsWith(`-${target.name}`));
  const program = join(scratch, folder, target.program);
  const why = await whyNot(program, target);
  if (why !== undefined) throw new Error(why);
  const runner = runnerOf(target);
  return "why" in runner ? `by its header alone: ${runner.why}` : tryOut(program, runner.through);
}

const [folder = join(ROOT, "dist", "release")] = process.argv.slice(2);
const names = await readdir(folder);
let failed = 0;
for (const target of TARGETS) {
  const archive = names.find((name) => name.endsWith(`-${target.name}.tar.gz`));
  if (archive === undefined) continue;
  const scratch = await mkdtemp(join(tmpdir(), "mellamo-smoke-"));
  try {
    // whoever it is run as has to get at it
    await chmod(scratch, 0o755);
    console.log(`${target.name}: ${await smoke(target, join(folder, archive), scratch)}`);
  } catch (failure) {
    failed++;
    console.error(`${target.name}: ${failure instanceof Error ? failure.message : String(failure)}`);
  } finally {
    await rm(scratch, { recursive: true });
  }
}
if (names.every((name) => !name.endsWith(".tar.gz"))) console.error(`${folder} holds no archive`);
process.exitCode = failed > 0 || names.every((name) => !name.endsWith(".tar.gz")) ? 1 : 0;
