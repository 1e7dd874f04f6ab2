/** Catches what a promise rejects with, so that a test can look at it. */

/** The reason; a promise that resolves is a failed test. */
export async function failureOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (failure) {
    return failure;
  }
  throw new Error("It did not fail");
}

/** The same, where the reason has to be of this class. */
export async function failureLike<T extends Error>(
  kind: abstract new (...args: never[]) => T,
  promise: PromiseLike<unknown>,
): Promise<T> {
  const failure = await failureOf(promise);
  if (failure instanceof kind) return failure;
  throw failure;
}
