/** Reads the body of a short answer whole, before the client gets any of it: one that breaks off can be replaced. */

import type { Slot } from "../traffic/slot.ts";
import type { Reader } from "./flow.ts";
import type { Patience } from "./patience.ts";

/**
 * The body if all of it has come with the head, as nearly all short ones do; undefined: it is still on its way, and can
 * be read. Streams of bodies that are there already cost a busy router a tenth of its time, and so does waiting for them.
 */
export function wholeAtOnce(response: Response): Uint8Array | undefined {
  const whole = response.clone().bytes();
  // of one that has failed `peek` gives the failure
  const bytes = Bun.peek.status(whole) === "fulfilled" ? Bun.peek(whole) : undefined;
  if (bytes instanceof Uint8Array) return bytes;
  // nobody waits for the copy
  whole.catch(() => {});
  return undefined;
}

/**
 * The body whose length was told. The engine may be silent for as long as it may between any two chunks. Rejects where
 * it breaks off, is silent for too long, or the client has left.
 */
export async function wholeOf(reader: Reader, patience: Patience, slot: Slot): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return Buffer.concat(chunks);
    slot.alive();
    chunks.push(value);
    patience.await();
  }
}
