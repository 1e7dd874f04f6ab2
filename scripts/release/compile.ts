/** Compiles the program for a target. Bun fetches the runtimes of other targets from the package registry it is set up with. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { buildCommand } from "../build.ts";
import { whyNot } from "./header.ts";
import { run } from "./run.ts";
import { signed } from "./sign.ts";
import type { Stamp } from "./stamp.ts";
import type { Target } from "./targets.ts";

/** The program's path, in a folder of the target's own. Throws where it is not what it was to be. */
export async function compile(target: Target, stamp: Stamp, folder: string): Promise<string> {
  const program = join(folder, target.name, target.program);
  await run([process.execPath, ...buildCommand(program, stamp, target)]);
  if (target.os === "darwin") await writeFile(program, signed(await readFile(program)));
  const why = await whyNot(program, target);
  if (why !== undefined) throw new Error(`Cannot use the program for ${target.name}: ${why}`);
  return program;
}
