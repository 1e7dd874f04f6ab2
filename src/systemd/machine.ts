/** The machine that a service is installed on, and systemd's own command there. */

import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Environment } from "../config/environment.ts";

export interface Machine {
  /** The folder that its paths begin at. */
  readonly root: string;
  /** The executable to be run; undefined where the program runs from its source. */
  readonly program: string | undefined;
  readonly isRoot: boolean;
  readonly env: Environment;
}

/** As `sd_booted(3)` sees it. */
export function runsSystemd({ root }: Machine): boolean {
  return existsSync(join(root, "/run/systemd/system"));
}

/** What `systemctl` complained of. */
export class SystemctlFailure extends Error {
  override readonly name = "SystemctlFailure";
}

/** What `systemctl` said; rejects with a `SystemctlFailure`. */
export async function systemctl({ env }: Machine, args: readonly string[]): Promise<string> {
  const program = Bun.which("systemctl", { PATH: env["PATH"] ?? "" });
  if (program === null) throw new SystemctlFailure("there is no such command");
  const child = Bun.spawn([program, ...args], { env, stdout: "pipe", stderr: "pipe" });
  const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (status !== 0) throw new SystemctlFailure(err.trim() || `it ended with ${status}`);
  return out;
}
