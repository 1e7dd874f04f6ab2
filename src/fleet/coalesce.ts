/**
 * Makes work that is asked for often run one at a time. A call while it runs gets the next run, which it shares with
 * all who call until then: so what a caller awaits has always begun after its call. The work must not reject.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function run(): Promise<void> {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  }

  return () => {
    // the next run has not begun, even in the instants between the end of the last one and its own start
    if (next !== undefined) return next;
    if (running === undefined) return run();
    next = running.then(() => {
      next = undefined;
      return run();
    });
    return next;
  };
}
