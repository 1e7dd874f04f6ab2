/** Ends the router in two stages: the first signal lets running requests finish, the second ends at once. */

import type { Running } from "../live/start.ts";
import type { Tell } from "../systemd/notify.ts";

/** What the end takes when the time of running requests is over, at most. */
const LAST_STEPS_MS = 10_000;

/**
 * Resolves when the router has ended. Running requests may go on for as long as the configuration says then; `tell`
 * tells systemd so, which else would kill the process after the time of its unit.
 */
export async function endOnSignals({ server, live, stop }: Running, tell: Tell): Promise<void> {
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
  const running = server.pendingRequests;
  log.info("ending", { signal, running });
  tell({
    STOPPING: 1,
    STATUS: `finishes what is running (requests: ${running})`,
    EXTEND_TIMEOUT_USEC: (config.server.drainMs + LAST_STEPS_MS) * 1000,
  });
  const patience = setTimeout(() => enough.resolve(), config.server.drainMs);
  await Promise.race([server.stop(), enough.promise]);
  clearTimeout(patience);
  if (server.pendingRequests > 0) log.warn("broken off", { running: server.pendingRequests });
  await server.stop(true);
  stop();
}
