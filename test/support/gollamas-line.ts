/**
 * Starts the router by a command line of gollamas: another program, other addresses, and all else as it was. What a line
 * needs of an environment goes with it.
 */

import { nameIn } from "./captured-names.ts";
import { freePort, startedBy } from "./flags.ts";
import type { Mellamo } from "./mellamo.ts";
import { type Replay, replayedOllama } from "./replay.ts";

export interface Drop extends AsyncDisposable {
  readonly router: Mellamo;
  /** The Ollamas, by the hosts that the line has for them. */
  readonly engines: Readonly<Record<string, Replay>>;
}

/** The hosts of a command line, and the models that the Ollama of each lists. */
export type Hosts = Readonly<Record<string, readonly string[]>>;

export async function dropIn(
  line: string,
  hosts: Hosts,
  variables: Readonly<Record<string, string>> = {},
): Promise<Drop> {
  await using starting = new AsyncDisposableStack();
  // a free port may be somebody else's a moment later: one is chosen only for those whose log does not tell theirs
  const isQuiet = /--level[= ](warn|error)/.test(line);
  const port = isQuiet ? await freePort() : 0;
  const engines: Record<string, Replay> = {};
  for (const [host, models] of Object.entries(hosts))
    engines[host] = starting.use(await replayedOllama(models));
  const moved = (text: string): string =>
    text
      .replaceAll(/http:\/\/([\w.-]+)(:\d+)?/g, (_, host: string) => engines[host]?.url ?? nobody(host))
      .replaceAll(/\b0\.0\.0\.0:11434\b/g, `0.0.0.0:${port}`);
  const words = moved(line)
    .replaceAll(/\\\n/g, " ")
    .replace(/^(go run \.\/\*\.go|gollamas|mellamo)/, "")
    .split(/\s+/)
    .filter((word) => word !== "");
  const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, moved(value)]));
  const everywhere = moved(`${line} ${variables["GOLLAMAS_LISTEN"] ?? ""}`).includes(`0.0.0.0:${port}`);
  const listen = everywhere ? [] : ["--listen", `127.0.0.1:${port}`];
  const router = starting.use(await startedBy([...words, ...listen], { env, ...(isQuiet && { port }) }));
  const started = starting.move();
  // what listens everywhere is asked here
  const local = { ...router, url: `http://127.0.0.1:${router.port}` };
  return { router: local, engines, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function nobody(host: string): never {
  throw new Error(`No engine stands for ${host}`);
}

/** The models that the Ollama of a host was asked for, in order. */
export function askedOf({ engines }: Drop, host = ""): string[] {
  const posts = engines[host]?.replayed.filter(({ request }) => request.method === "POST") ?? [];
  return posts.map(({ request }) => nameIn(request.body) ?? "");
}
