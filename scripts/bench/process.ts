/** Starts the processes of what is measured, and ends them. */

import { familyOf } from "./proc.ts";
import { type Asked, isRight } from "./question.ts";
import type { Running } from "./system.ts";

const PATIENCE_MS = 10_000;

/** Between two tries to get the first answer. */
const PAUSE_MS = 1;

export interface Start {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a process, and asks it until it gives the right answer. Throws, with what it has said, where it never does. */
export async function launch({ command, env = {} }: Start, asked: Asked): Promise<Running> {
  const startedAtMs = performance.now();
  const child = Bun.spawn([...command], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    await child.exited;
    clearTimeout(patience);
  };
  for (;;) {
    if (await isRight(asked)) break;
    if (child.exitCode !== null || performance.now() - startedAtMs > PATIENCE_MS) {
      await stop();
      throw new Error(`No right answer from ${command.join(" ")} at ${asked.url}`);
    }
    await Bun.sleep(PAUSE_MS);
  }
  const startMs = performance.now() - startedAtMs;
  return { url: asked.url, pids: await familyOf(child.pid), startMs, stop };
}

/** A port that is free now. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
