/** Runs the programs that builds call. */

import { join } from "node:path";

export const ROOT = join(import.meta.dir, "..", "..");

export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a program prints. Throws, with what it complains of, where it is missing or fails. */
export async function run(command: readonly string[], { cwd = ROOT, env = {} }: Place = {}): Promise<string> {
  const [program = ""] = command;
  if (Bun.which(program) === null) throw new Error(`${program} is missing`);
  const child = Bun.spawn([...command], {
    cwd,
    // one language for what is read here, and for what programs write into files
    env: { ...process.env, LC_ALL: "C.UTF-8", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${(err || out).trim()}`);
  return out;
}
