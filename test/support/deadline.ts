/** Waits for what has to happen soon. */

/** What the promise resolves to; rejects after `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Not within ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves once `look` gives something other than undefined or false, which is looked for until `ms` have passed. */
export async function eventually<T>(
  ms: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() >= deadline) throw new Error(`Not within ${ms} ms`);
    await Bun.sleep(10);
  }
}
