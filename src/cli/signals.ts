/** Ends the router in two stages: the first signal lets running requests finish, the second ends at once. */

import type { Running } from "../live/start.ts";

/** Resolves when the router has ended. Running requests may go on for as long as the configuration says then. */
export async function endOnSignals({ server, live, stop }: Running): Promise<void> {
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
  const { config, log } = live.snapshot;
  log.info("ending", { signal, running: server.pendingRequests });
  const patience = setTimeout(() => enough.resolve(), config.server.drainMs);
  await Promise.race([server.stop(), enough.promise]);
  clearTimeout(patience);
  if (server.pendingRequests > 0) log.warn("broken off", { running: server.pendingRequests });
  await server.stop(true);
  stop();
}
