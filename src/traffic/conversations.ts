/** Remembers which backend served which conversation: what it has read of it already, it need not read again. */

/** More are never carried on at a time; so many and as many again are remembered. */
const MAX_YOUNG = 5000;

export class Conversations {
  /** Those that went on lately, and those that did before: to forget one by one would take longer. */
  private young = new Map<bigint, string>();
  private old: ReadonlyMap<bigint, string> = new Map();

  /** The name of the backend. */
  homeOf(conversation: bigint): string | undefined {
    return this.young.get(conversation) ?? this.old.get(conversation);
  }

  remember(conversation: bigint, backend: string): void {
    if (this.young.size >= MAX_YOUNG && !this.young.has(conversation)) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(conversation, backend);
  }
}
