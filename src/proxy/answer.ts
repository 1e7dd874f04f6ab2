/** What an engine answered: its head, and a body that is either all here or still to come. */

import type { Candidate } from "../fleet/survey.ts";

export interface Answer {
  readonly candidate: Candidate;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Ends the count of this request at its backend. Called once, when the body is over or given up. */
  readonly release: () => void;
}

/** Gives an answer up: the engine is told at once, rather than when the answer is collected as garbage. */
export async function drop(answer: Answer): Promise<void> {
  answer.release();
  // a stream that has failed already has nothing left to be told
  if (answer.body instanceof ReadableStream) await answer.body.cancel().catch(() => {});
}
