/** Whatever the book, a name is resolved in a few steps to targets that are all different. */

import { expect, test } from "bun:test";

import type { Alias } from "../../src/domain/alias.ts";
import { type Book, bookOf } from "../../src/domain/book.ts";
import { MAX_HOPS, type Resolution, resolve } from "../../src/domain/resolve.ts";
import { alias } from "../support/aliases.ts";
import { forSeeds, type Random } from "../support/random.ts";

const BACKENDS = ["", "", "", "@p", "@q"] as const;
/** Of different lengths, so that no two are alike in rank. */
const PATTERNS = ["n*", "n1*", "*-n1x", "n-*-n10"] as const;

interface Case {
  readonly aliases: readonly Alias[];
  readonly asked: string;
  readonly isModel: (name: string) => boolean;
}

/** Aliases `n0`, `n1` and so on, of which each leads mostly to the next, so that there are long chains and cycles. */
function randomCase(random: Random): Case {
  const count = 1 + random.below(24);
  const anyName = (): string => `n${random.below(count + 3)}`;
  const target = (next: string): string => (random.chance(0.7) ? next : anyName()) + random.pick(BACKENDS);
  const targetsOf = (next: string): string[] => random.list(1 + random.below(3), () => target(next));
  const write = (name: string, next: string): Alias =>
    alias(name, random.chance(0.3) ? { order: targetsOf(next) } : targetsOf(next));
  const exact = random.list(count, (index) => write(`n${index}`, `n${index + 1}`));
  const patterns = PATTERNS.filter(() => random.chance(0.3)).map((name) =>
    write(name, random.pick(["*", "n-*-n10", "n1*", anyName()])),
  );
  const models = new Set(random.list(random.below(4), anyName));
  return {
    aliases: random.shuffled([...exact, ...patterns]),
    asked: random.pick([anyName(), "n0", "n0", "n-n3-n10", "n1-2", "z"]),
    isModel: (name) => models.has(name),
  };
}

function resolved({ aliases, asked, isModel }: Case): Resolution {
  return resolve(asked, bookOf(aliases), isModel);
}

test("no target comes twice, and ranks begin with 0", () => {
  forSeeds(2000, (random) => {
    const found = resolved(randomCase(random));
    if (found.kind !== "route") return;
    const { targets } = found.route;
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ model, backend }) => `${model}@${backend ?? ""}`)).size).toBe(
      targets.length,
    );
    expect(targets.every(({ rank }) => Number.isInteger(rank) && rank >= 0)).toBe(true);
  });
});

test("the order in which aliases are written does not matter", () => {
  forSeeds(1000, (random) => {
    const written = randomCase(random);
    const shuffled = { ...written, aliases: random.shuffled(written.aliases) };
    expect(resolved(shuffled)).toEqual(resolved(written));
  });
});

test("aliases that nothing leads to do not matter", () => {
  forSeeds(1000, (random) => {
    const written = randomCase(random);
    const others = [alias("zz", ["n0", "n1"]), alias("zzz*", "n2")];
    expect(resolved({ ...written, aliases: [...others, ...written.aliases] })).toEqual(resolved(written));
  });
});

test("no alias is followed that is more than ten steps away", () => {
  let furthest = 0;
  forSeeds(2000, (random) => {
    const written = randomCase(random);
    const found = resolved(written);
    if (found.kind !== "route" || found.route.alias === undefined) return;
    const steps = stepsFrom(written, bookOf(written.aliases));
    for (const name of found.route.via) {
      const distance = steps.get(name) ?? Infinity;
      expect(distance).toBeLessThanOrEqual(MAX_HOPS);
      furthest = Math.max(furthest, distance);
    }
  });
  if (process.env["SEED"] === undefined) expect(furthest).toBe(MAX_HOPS);
});

test("what is asked of a name comes to an end, though aliases are dense", () => {
  forSeeds(50, (random) => {
    const names = random.list(60, (index) => `n${index}`);
    const aliases = names.map((name) =>
      alias(
        name,
        random.list(20, () => `n${random.below(70)}`),
      ),
    );
    let lookups = 0;
    const found = resolve("n0", bookOf(aliases), () => {
      lookups++;
      return false;
    });
    expect(found.kind).not.toBe("nothing");
    expect(lookups).toBeLessThan(20_000);
  });
});

/** How few steps lead from the asked name to each alias: a search breadth first, of what a star took as well. */
function stepsFrom({ asked, isModel }: Case, book: Book): Map<string, number> {
  const steps = new Map<string, number>();
  const seen = new Set<string>();
  let names = [asked];
  for (let step = 0; names.length > 0 && step <= 2 * MAX_HOPS; step++) {
    const next: string[] = [];
    for (const name of names) {
      if (seen.has(name)) continue;
      seen.add(name);
      const exact = book.configured(name);
      const match = exact === undefined && !isModel(name) ? book.pattern(name) : undefined;
      const found = exact ?? match?.alias;
      if (found === undefined) continue;
      if (!steps.has(found.name)) steps.set(found.name, step);
      for (const { model } of found.targets)
        next.push(match === undefined ? model : model.replaceAll("*", match.captured));
    }
    names = next;
  }
  return steps;
}
