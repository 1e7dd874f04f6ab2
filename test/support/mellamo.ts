/** Runs the program as users do: a process of its own, from source or, with `MELLAMO_BIN`, the binary. */

import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { eventually } from "./eventually.ts";
import { type Folder, folderOf } from "./folder.ts";
import { Lines } from "./lines.ts";

const ROOT = join(import.meta.dir, "..", "..");

/** The command line that runs the program. */
export const PROGRAM: readonly string[] =
  process.env["MELLAMO_BIN"] === undefined
    ? [process.execPath, join(ROOT, "src", "main.ts")]
    : [resolve(process.env["MELLAMO_BIN"])];

export interface Result {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The beginning of a command line that runs the rest of it as its own process. */
  readonly through?: readonly string[];
  /** Whether it has to lift Bun's limit of outgoing requests itself, as it has to anywhere else. */
  readonly isLimited?: boolean;
}

/** One whose limit is high has no need to start itself anew, which would take twice the time. */
const UNLIMITED = { BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };

/** The environment without anything that would change what the program does. */
export function cleanEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, XDG_CONFIG_HOME: "/nonexistent", XDG_STATE_HOME: "/nonexistent", ...extra };
}

/** Runs a command to its end. */
export async function command(
  args: readonly string[],
  { cwd, env, through = [] }: Place = {},
): Promise<Result> {
  const child = Bun.spawn([...through, ...PROGRAM, ...args], {
    cwd: cwd ?? tmpdir(),
    env: cleanEnv(env),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { status, out, err };
}

export interface Mellamo extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly log: Lines;
  /** The configuration file it runs with. */
  readonly file: string;
  /** Ends it by a signal and returns its exit status. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number>;
}

/** The configuration of a router that listens on a port of its own, unless it says where it does. */
export function listening(toml: string): string {
  const server = /^listen\s*=/m.test(toml) ? "" : 'listen = "127.0.0.1:0"\n';
  // a document has one [server] table: the tests' own goes on where this one begins
  return /^\[server\]$/m.test(toml)
    ? toml.replace(/^\[server\]$/m, `[server]\n${server}`)
    : `[server]\n${server}${toml}`;
}

/** Starts a router with this configuration on a port of its own; it ends with the scope (`await using`). */
export async function mellamo(toml: string, place: Place = {}): Promise<Mellamo> {
  const folder = await folderOf({ "config.toml": listening(toml) });
  return started(["serve", "--config", folder.at("config.toml")], folder, place);
}

/**
 * Runs a command line that starts a router; the state goes to the folder, which goes with the router. The log says where
 * it listens; one that is too quiet for that has to be told a `port`.
 */
export async function started(
  args: readonly string[],
  folder: Folder,
  { cwd, env, through = [], isLimited = false, port }: Place & { readonly port?: number } = {},
): Promise<Mellamo> {
  const child = Bun.spawn([...through, ...PROGRAM, ...args], {
    cwd: cwd ?? folder.path,
    env: cleanEnv({ STATE_DIRECTORY: folder.path, ...(isLimited ? {} : UNLIMITED), ...env }),
    stdout: "ignore",
    stderr: "pipe",
  });
  const log = new Lines(child.stderr);
  const end = async (signal: NodeJS.Signals = "SIGKILL"): Promise<number> => {
    child.kill(signal);
    const status = await child.exited;
    await folder[Symbol.asyncDispose]();
    return status;
  };
  const found = port === undefined ? log.until(/event=listening/) : answering(`http://127.0.0.1:${port}`);
  const line = await found.catch(async (failure: unknown) => {
    await end();
    throw failure;
  });
  const url = /url=(\S+)/.exec(line)?.[1] ?? "";
  return {
    url,
    port: Number(URL.canParse(url) ? new URL(url).port : 0),
    pid: child.pid,
    log,
    file: folder.at("config.toml"),
    end,
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
}

/** Resolves, as the log would have it, once a router answers there. */
async function answering(url: string): Promise<string> {
  await eventually(
    () =>
      fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    (isThere) => isThere,
  );
  return `url=${url}`;
}
