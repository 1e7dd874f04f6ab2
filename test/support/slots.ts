/** Asks a llama-server what it is working on. */

import type { LlamaServer } from "./llama-server.ts";

export interface Slot {
  readonly is_processing: boolean;
  /** All tokens of its last task, those that it said included. */
  readonly n_prompt_tokens?: number;
}

/** The slots, once none of them works. */
export async function idleSlots(engine: LlamaServer, deadlineMs: number): Promise<readonly Slot[]> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const response = await fetch(`${engine.url}/slots`);
    const slots = (await response.json()) as readonly Slot[];
    if (!slots.some((slot) => slot.is_processing)) return slots;
    if (Date.now() >= deadline) throw new Error(`Still at work: ${JSON.stringify(slots)}`);
    await Bun.sleep(5);
  }
}
