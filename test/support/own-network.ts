/**
 * Runs a program in a network of its own, where every port is free but those of its engines: what looks at the usual
 * ports finds nobody else's. For that nobody need be root.
 */

import { type Kind, listAnswer } from "./list-answer.ts";

/** An engine there: the models it lists, and whose lists it has. */
export interface Neighbour {
  readonly port: number;
  readonly kind: Kind;
  readonly models: readonly string[];
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

const NETWORK = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

/** Not every system lets its users do that. */
export const CAN_SEPARATE = canSeparate();

/** The beginning of a command line for which these engines run as long as the rest of it. */
export function among(...engines: readonly Neighbour[]): readonly string[] {
  return [...NETWORK, process.execPath, import.meta.path, JSON.stringify(engines)];
}

function canSeparate(): boolean {
  try {
    return Bun.spawnSync([...NETWORK, "true"]).success;
  } catch {
    return false;
  }
}

function open({ port, kind, models, headers = {} }: Neighbour): Bun.Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch({ method, url }) {
      const list = listAnswer({ method, path: new URL(url).pathname }, models, [], kind);
      return new Response(list ?? "{}", { status: list === undefined ? 404 : 200, headers });
    },
  });
}

if (import.meta.main) {
  const [engines = "[]", ...program] = process.argv.slice(2);
  const servers = (JSON.parse(engines) as readonly Neighbour[]).map(open);
  const child = Bun.spawn(program, { stdio: ["inherit", "inherit", "inherit"] });
  const status = await child.exited;
  await Promise.all(servers.map((server) => server.stop(true)));
  process.exit(status);
}
