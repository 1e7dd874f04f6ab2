/** Runs the program with a folder as the root of all files, as a container does. Needs to be root itself, and Linux. */

import { Lines } from "./lines.ts";
import type { Result } from "./mellamo.ts";

export interface Rooted {
  readonly run: (...args: string[]) => Promise<Result>;
  /** Starts a router; resolves when it listens. `end` tells it to end, and returns its exit status. */
  readonly serve: () => Promise<{ readonly end: () => Promise<number> }>;
}

/** The engine reads what the kernel tells of its process. */
const WITH_PROC = 'mkdir -p "$0/proc" && mount -t proc proc "$0/proc" && exec "$@"';

/** As a user by number, with these variables and no others. */
export function rooted(root: string, env: Readonly<Record<string, string>>, user: number): Rooted {
  // a program's own path may lead to none of these
  const [unshare, chroot] = ["unshare", "chroot"].map(
    (name) => Bun.which(name, { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` }) ?? name,
  );
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const apart = [unshare ?? "", "--mount", "sh", "-c", WITH_PROC, root];
  const inside = ["/usr/bin/env", "-i", ...variables, chroot ?? "", `--userspec=${user}:${user}`, root];
  const command = [...apart, ...inside, "/usr/bin/mellamo"];
  return {
    async run(...args) {
      const child = Bun.spawn([...command, ...args], { cwd: "/", stdout: "pipe", stderr: "pipe" });
      const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      return { status, out, err };
    },
    async serve() {
      const child = Bun.spawn([...command], { cwd: "/", stdout: "ignore", stderr: "pipe" });
      await new Lines(child.stderr).until(/event=listening/);
      return {
        async end() {
          child.kill("SIGTERM");
          return child.exited;
        },
      };
    },
  };
}
