/** Waits for what has to become so, by looking again and again. */

const PAUSE_MS = 10;

/** What `look` sees once that is right; rejects with what it saw last when it does not become so in time. */
export async function eventually<T>(
  look: () => Promise<T> | T,
  isRight: (seen: T) => boolean,
  deadlineMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (isRight(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`Still so after ${deadlineMs} ms: ${JSON.stringify(seen)}`);
    await Bun.sleep(PAUSE_MS);
  }
}
