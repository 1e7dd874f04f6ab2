/** Notices when the machine stands still: nobody keeps a time limit then, and nothing that runs out says anything. */

import type { Span } from "./timeline.ts";

const TICK_MS = 20;

/** What is shorter does not matter. */
const STALL_MS = 500;

/** Tells of each time that this process did not get to run, until it is disposed of. */
export function watchStalls(told: (span: Span) => void): Disposable {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs > STALL_MS) told({ fromMs: lastMs, toMs: nowMs });
    lastMs = nowMs;
  }, TICK_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
