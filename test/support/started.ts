/** Starts a command, for tests that do something while it runs. */

import { tmpdir } from "node:os";

import { Lines } from "./lines.ts";
import { cleanEnv, PROGRAM } from "./mellamo.ts";

export interface Started {
  /** What it tells people beside its output. */
  readonly err: Lines;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** The signal that has ended it, if any has. */
  readonly endedBy: () => string | number | null;
}

export function started(args: readonly string[]): Started {
  const child = Bun.spawn([...PROGRAM, ...args], {
    cwd: tmpdir(),
    env: cleanEnv(),
    stdout: "ignore",
    stderr: "pipe",
  });
  return {
    err: new Lines(child.stderr),
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    endedBy: () => child.signalCode,
  };
}
