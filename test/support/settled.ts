/** Waits until a router has nothing left to do. */

import type { Mellamo } from "./mellamo.ts";
import { inflight } from "./status.ts";

/** How long backends may go on working for nobody. */
const DEADLINE_MS = 10_000;

/** Resolves when no backend is serving a request any more. */
export async function nothingInFlight(router: Pick<Mellamo, "url">): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (let count = await inflight(router); count > 0; count = await inflight(router)) {
    if (Date.now() >= deadline) throw new Error(`Still ${count} in flight`);
    await Bun.sleep(5);
  }
}
