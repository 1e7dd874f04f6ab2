/** Puts the parts of the router together and starts them: the one place that knows them all. */

import type { Config } from "../config/config.ts";
import { bookOf } from "../domain/book.ts";
import { Backend } from "../fleet/backend.ts";
import { Fleet } from "../fleet/fleet.ts";
import { routerOf } from "../http/router.ts";
import { ROUTES } from "../http/routes.ts";
import { openServer } from "../http/server.ts";
import type { Snapshot } from "../http/snapshot.ts";
import type { Log } from "../telemetry/log.ts";
import { removeStaleSocket } from "./stale-socket.ts";

/** The first lists should tell the truth, but no silent backend may hold up the start. */
const FIRST_LOOK_MS = 250;

export interface Running {
  readonly server: Bun.Server<undefined>;
  readonly fleet: Fleet;
  /** Resolves when each backend was looked at once. */
  readonly looked: Promise<void>;
}

/** Resolves when it listens. Rejects when the address cannot be had. */
export async function startRouter(config: Config, file: string | undefined, log: Log): Promise<Running> {
  const backends = config.backends.map((settings) => new Backend(settings));
  const fleet = new Fleet(backends, config.pins, Date.now, (backend) => logCondition(backend, log));
  const looked = fleet.start();
  await Promise.race([looked, Bun.sleep(FIRST_LOOK_MS)]);
  const snapshot: Snapshot = {
    config,
    book: bookOf(config.aliases),
    fleet,
    log,
    started: new Date(),
    file,
  };
  const { listen } = config.server;
  try {
    if (listen.kind === "unix") await removeStaleSocket(listen.path);
    return { server: openServer(snapshot, routerOf(ROUTES)), fleet, looked };
  } catch (failure) {
    fleet.stop();
    throw failure;
  }
}

/** A presumed backend that is not there is no news. */
function logCondition({ name, settings, engine, stock, reached }: Backend, log: Log): void {
  const known = { backend: name, url: settings.origin, engine: engine?.name };
  if (stock.up) log.info("backend up", { ...known, version: stock.version, models: stock.models.length });
  else if (reached || !settings.presumed) log.warn("backend down", { ...known, why: stock.trouble });
}
