/** Ends the router in two stages: the first signal lets running requests finish, the second ends at once. */

import type { Log } from "../telemetry/log.ts";
import type { Running } from "./start.ts";

/** Resolves when the router has ended. `drainMs` is how long running requests may go on. */
export async function endOnSignals({ server, fleet }: Running, drainMs: number, log: Log): Promise<void> {
  const first = Promise.withResolvers<NodeJS.Signals>();
  const enough = Promise.withResolvers<void>();
  let count = 0;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      count++;
      if (count === 1) first.resolve(signal);
      else enough.resolve();
    });
  }
  const signal = await first.promise;
  log.info("ending", { signal, running: server.pendingRequests });
  const patience = setTimeout(() => enough.resolve(), drainMs);
  await Promise.race([server.stop(), enough.promise]);
  clearTimeout(patience);
  if (server.pendingRequests > 0) log.warn("broken off", { running: server.pendingRequests });
  await server.stop(true);
  fleet.stop();
}
