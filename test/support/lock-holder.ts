/** A process of its own that takes the lock of a file and holds it until it is killed. */

import { withLock } from "../../src/files/lock.ts";
import { Lines } from "./lines.ts";

export interface LockHolder extends AsyncDisposable {
  /** Sends it a signal; resolves, after one that ends it, when it has ended. */
  signal(name: "SIGSTOP" | "SIGKILL"): Promise<void>;
}

/** Resolves when it has the lock. */
export async function lockHolder(path: string): Promise<LockHolder> {
  const child = Bun.spawn([process.execPath, import.meta.path, path], { stdout: "pipe", stderr: "inherit" });
  await new Lines(child.stdout).until(/^held$/);
  return {
    async signal(name) {
      child.kill(name);
      if (name === "SIGKILL") await child.exited;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

if (import.meta.main) {
  const [path = ""] = process.argv.slice(2);
  await withLock(path, async () => {
    console.log("held");
    for (;;) await Bun.sleep(1000);
  });
}
