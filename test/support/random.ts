/** Random values that a seed brings back, so that what failed once can be looked at again. */

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** At least 0 and less than 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Normally distributed around 0 (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const at = this.below(items.length);
    for (const item of items.slice(at, at + 1)) return item;
    throw new RangeError("Cannot pick from an empty list");
  }

  list<T>(length: number, make: (index: number) => T): T[] {
    return Array.from({ length }, (_, index) => make(index));
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** Runs `body` with the seeds 1 to `count`, or just with the one in `$SEED`. A failure begins with its seed. */
export function forSeeds(count: number, body: (random: Random) => void): void {
  for (const seed of seedsUpTo(count)) {
    try {
      body(new Random(seed));
    } catch (failure) {
      throw seeded(seed, failure);
    }
  }
}

/** The same for a `body` that has to wait. */
export async function forSeedsInTurn(count: number, body: (random: Random) => Promise<void>): Promise<void> {
  for (const seed of seedsUpTo(count)) {
    try {
      await body(new Random(seed));
    } catch (failure) {
      throw seeded(seed, failure);
    }
  }
}

/** The same for a `body` that waits more than it works: `width` seeds are under way at a time. */
export async function forSeedsAtOnce(
  count: number,
  width: number,
  body: (random: Random) => Promise<void>,
): Promise<void> {
  const seeds = seedsUpTo(count).values();
  const inTurn = async (): Promise<void> => {
    for (const seed of seeds) {
      await body(new Random(seed)).catch((failure: unknown) => Promise.reject(seeded(seed, failure)));
    }
  };
  await Promise.all(Array.from({ length: width }, inTurn));
}

function seedsUpTo(count: number): number[] {
  const { SEED } = process.env;
  return SEED === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(SEED)];
}

function seeded(seed: number, failure: unknown): Error {
  const text = failure instanceof Error ? failure.message : String(failure);
  return new Error(`SEED=${seed}: ${text}`, { cause: failure });
}
