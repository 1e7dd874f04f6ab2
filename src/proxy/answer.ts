/** What an engine answered: its head, and a body that is either all here or still to come. */

import type { Candidate } from "../fleet/survey.ts";
import type { Slot } from "../traffic/slot.ts";
import type { Flow } from "./flow.ts";

export interface Answer {
  readonly candidate: Candidate;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array | Flow | null;
  /** Its place at the backend, to be left when the body is over. */
  readonly slot: Slot;
}

/** Gives an answer up. */
export async function drop(answer: Answer): Promise<void> {
  answer.slot.end("neither");
  await discard(answer);
}

/** Gives the body up, and keeps the place. */
export async function discard({ body }: Answer): Promise<void> {
  if (body !== null && !(body instanceof Uint8Array)) await body.cancel();
}

/** The beginning of the body as text: what an engine says of itself is short. */
export function beginningOf({ body }: Answer): string {
  const bytes = body instanceof Uint8Array ? body : body?.peek();
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}
