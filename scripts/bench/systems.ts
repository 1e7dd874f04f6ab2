/** The systems that are measured side by side: the engine itself, nginx, a bare passthrough, and mellamo in several dresses. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { buildCommand } from "../build.ts";
import type { Dress } from "./dresses.ts";
import { nginxConfig } from "./nginx.ts";
import { freePort, launch } from "./process.ts";
import type { System } from "./system.ts";

const ROOT = join(import.meta.dir, "..", "..");

export interface Ground {
  /** The engine's address. */
  readonly engine: string;
  /** What may be written to, and goes when the benchmark ends. */
  readonly folder: string;
  readonly nginx: string;
  /** The compiled programs. */
  readonly mellamo: string;
  readonly bare: string;
}

/** Compiles mellamo and the passthrough, as people run them. */
export async function compile(folder: string): Promise<Pick<Ground, "mellamo" | "bare">> {
  const mellamo = join(folder, "mellamo");
  const bare = join(folder, "bare");
  await run(buildCommand(mellamo, { version: "bench", commit: undefined, epochS: 0 }));
  await run(["build", join(import.meta.dir, "bare.ts"), "--compile", `--outfile=${bare}`]);
  return { mellamo, bare };
}

async function run(args: readonly string[]): Promise<void> {
  const child = Bun.spawn([process.execPath, ...args], { cwd: ROOT, stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) !== 0) throw new Error(await child.stderr.text());
}

/** What is asked of those that know no names. */
const TINY = { model: "tiny", answered: "tiny" };

export function nginxOf({ engine, folder, nginx }: Ground): System {
  return {
    name: "nginx",
    program: nginx,
    ...TINY,
    async launch() {
      const port = freePort();
      const own = join(folder, `nginx-${port}`);
      await mkdir(own);
      await writeFile(join(own, "nginx.conf"), nginxConfig(port, engine, own));
      const command = [nginx, "-c", join(own, "nginx.conf"), "-e", join(own, "nginx.log")];
      return launch({ command }, { ...TINY, url: `http://127.0.0.1:${port}` });
    },
  };
}

export function bareOf({ engine, bare }: Ground): System {
  return {
    name: "bare Bun",
    program: bare,
    ...TINY,
    async launch() {
      const port = freePort();
      const command = [bare, engine, String(port)];
      // what it has to be told from outside, mellamo does by itself
      const env = { BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };
      return launch({ command, env }, { ...TINY, url: `http://127.0.0.1:${port}` });
    },
  };
}

export function mellamoOf(
  { engine, folder, mellamo }: Ground,
  { toml = "", server = "", ...dress }: Dress,
): System {
  return {
    ...dress,
    program: mellamo,
    async launch() {
      const port = freePort();
      const own = join(folder, `mellamo-${port}`);
      await mkdir(own);
      const file = join(own, "config.toml");
      await writeFile(
        file,
        `[server]\nlisten = "127.0.0.1:${port}"\n${server}[[backend]]\nurl = "${engine}"\nengine = "openai"\n${toml}`,
      );
      return launch(
        { command: [mellamo, "serve", "--config", file], env: { STATE_DIRECTORY: own } },
        { ...dress, url: `http://127.0.0.1:${port}` },
      );
    },
  };
}
