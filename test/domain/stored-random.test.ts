/** Whatever aliases a file and a store have, checked or not, a name is resolved in few steps and always alike. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { MAX_HOPS, resolve } from "../../src/domain/resolve.ts";
import { around, bookIn, resolver, type World } from "../support/alias-world.ts";
import { isCircular, Walker } from "../support/naive-walker.ts";
import { brokenChain, namesOf, randomGround, settled, unchecked } from "../support/random-world.ts";
import { forSeeds, type Random } from "../support/random.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

function randomWorld(random: Random): World {
  return random.pick([settled, unchecked, brokenChain])(randomGround(random), random);
}

test("the order of the entries in the store does not matter", () => {
  forSeeds(300, (random) => {
    const world = randomWorld(random);
    const [one, other] = [
      resolver(world),
      resolver({ ...world, stored: random.shuffled(world.stored ?? []) }),
    ];
    for (const name of namesOf(world, random)) expect(other(name)).toEqual(one(name));
  });
});

test("the order of the lines in the file does not matter", () => {
  forSeeds(300, (random) => {
    const world = randomWorld(random);
    const file = Object.fromEntries(random.shuffled(Object.entries(world.file ?? {})));
    const [one, other] = [resolver(world), resolver({ ...world, file })];
    for (const name of namesOf(world, random)) expect(other(name)).toEqual(one(name));
  });
});

test("no alias is followed that is more than ten steps away", () => {
  let furthest = 0;
  forSeeds(300, (random) => {
    const world = randomWorld(random);
    const resolved = resolver(world);
    for (const name of namesOf(world, random)) {
      const found = resolved(name);
      if (found.kind !== "route") continue;
      const steps = stepsFrom(name, world);
      for (const alias of found.route.via) {
        expect(steps.get(alias) ?? Infinity).toBeLessThanOrEqual(MAX_HOPS);
        furthest = Math.max(furthest, steps.get(alias) ?? 0);
      }
    }
  });
  if (process.env["SEED"] === undefined) expect(furthest).toBe(MAX_HOPS);
});

test("every name is resolved with few questions, though nobody may have looked for circles", () => {
  const kinds = new Set<string>();
  forSeeds(300, (random) => {
    const world = randomWorld(random);
    let questions = 0;
    const isModel = (name: string): boolean => {
      questions++;
      return around(world).isModel(name);
    };
    const book = bookIn(world);
    for (const name of namesOf(world, random)) {
      questions = 0;
      const found = resolve(name, book, isModel);
      kinds.add(found.kind === "broken" ? found.why : found.kind);
      expect(questions).toBeLessThan(5000);
    }
  });
  if (process.env["SEED"] === undefined)
    expect([...kinds].sort()).toEqual(["cycle", "nothing", "route", "too many hops"]);
});

test("where nothing is wrong and no model is known, the targets are those that all ways lead to, in their order", () => {
  let compared = 0;
  forSeeds(300, (random) => {
    const world = settled({ file: randomGround(random).file ?? {} }, random, 40);
    const resolved = resolver(world);
    for (const name of namesOf(world, random)) {
      const walker = new Walker(world);
      const start = walker.meant(name);
      if (start === undefined) expect(resolved(name).kind).toBe("nothing");
      if (start === undefined || hasCircleOrStar(walker, name)) continue;
      compared++;
      const models = new Set(walker.models(name));
      const found = resolved(name);
      const targets = found.kind === "route" ? found.route.targets.map(({ model }) => model) : [];
      expect([name, targets]).toEqual([name, [...models]]);
    }
  });
  if (process.env["SEED"] === undefined) expect(compared).toBeGreaterThan(1000);
});

/** Where a pattern is met twice it depends on the way what it means; that is for other tests. */
function hasCircleOrStar(walker: Walker, name: string): boolean {
  const start = walker.meant(name);
  const walks = start === undefined ? [] : [...walker.walksFrom(start)];
  const texts = new Map(walks.flat().map(({ alias, text }) => [alias, text]));
  return walks.some(
    (walk) =>
      isCircular(walk) ||
      walk.length > MAX_HOPS + 1 ||
      walk.some(({ alias, text }) => texts.get(alias) !== text),
  );
}

/** How few steps lead from a name to each alias: a search breadth first. */
function stepsFrom(name: string, world: World): Map<string, number> {
  const walker = new Walker(world);
  const steps = new Map<string, number>();
  const start = walker.meant(name);
  let stops = start === undefined ? [] : [start];
  for (let step = 0; stops.length > 0 && step <= MAX_HOPS; step++) {
    for (const { alias } of stops) if (!steps.has(alias.name)) steps.set(alias.name, step);
    const nexts = stops.flatMap((stop) => walker.nexts(stop));
    stops = [...new Map(nexts.map((stop) => [`${stop.alias.name}\n${stop.text}`, stop])).values()];
  }
  return steps;
}
