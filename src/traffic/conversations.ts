/** Remembers which backend served which conversation: what it has read of it already, it need not read again. */

/** More than are ever carried on at a time. */
const MAX_CONVERSATIONS = 10_000;

export class Conversations {
  private readonly homes = new Map<bigint, string>();

  /** The name of the backend. */
  homeOf(conversation: bigint): string | undefined {
    return this.homes.get(conversation);
  }

  remember(conversation: bigint, backend: string): void {
    // the ones that were carried on last stand last
    this.homes.delete(conversation);
    this.homes.set(conversation, backend);
    if (this.homes.size <= MAX_CONVERSATIONS) return;
    const [oldest] = this.homes.keys();
    if (oldest !== undefined) this.homes.delete(oldest);
  }
}
