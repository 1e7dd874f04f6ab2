/** Random numbers that can be had again: a failing test prints the seed, `SEED` sets it. */

export interface Seeded {
  (): number;
  readonly seed: number;
}

/** Numbers from 0 to below 1 (mulberry32). */
export function seeded(seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31))): Seeded {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Object.assign(next, { seed });
}
