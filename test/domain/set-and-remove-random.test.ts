/** Whatever there is already: what was set is there, what was removed is not, and nothing else has changed. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type Change, removal, setting } from "../../src/domain/amendment.ts";
import { nameIdentity } from "../../src/domain/book.ts";
import { type Entry, storedAlias } from "../../src/domain/entry.ts";
import { isProblem } from "../../src/domain/problem.ts";
import { after, around, bookIn, resolver, verdictOf, type World } from "../support/alias-world.ts";
import { namesOf, randomEntry, randomGround, settled, unchecked } from "../support/random-world.ts";
import { forSeeds, type Random } from "../support/random.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

/** A world, a new entry for it, and the world with that. Some worlds have no room for it. */
interface Step {
  readonly world: World;
  readonly change: Change;
  readonly entry: Entry;
  readonly next: World;
}

function randomStep(random: Random): Step | undefined {
  const world = (random.chance(0.5) ? settled : unchecked)(randomGround(random), random);
  const change = setting(randomEntry(random), around(world))(world.stored ?? []);
  if (isProblem(change) || !("set" in change)) return undefined;
  return { world, change, entry: change.set, next: after(change, world) };
}

function removed({ alias, prefix_matching: isPrefix }: Entry, world: World): World {
  const change = removal(alias, isPrefix === true, around(world))(world.stored ?? []);
  if (isProblem(change)) throw new Error(JSON.stringify(change));
  return after(change, world);
}

test("what was set is what its name leads to", () => {
  forSeeds(1000, (random) => {
    const step = randomStep(random);
    if (step === undefined) return;
    const { entry, next } = step;
    const alias = storedAlias(entry);
    if (entry.prefix_matching === true) {
      const found = bookIn(next).pattern(`${entry.alias}~9`)?.alias;
      // a longer pattern may be found in its place
      if (found?.name === alias.name) expect(found).toEqual(alias);
      else expect(found?.name.length).toBeGreaterThanOrEqual(alias.name.length);
      return;
    }
    expect(bookIn(next).stored(entry.alias)).toEqual(alias);
    for (const name of [entry.alias, `library/${entry.alias.toUpperCase()}:latest`])
      expect(resolver(next)(name)).toMatchObject({ route: { asked: name, alias } });
    const plain = entry.targets ?? [entry.target];
    const [target = ""] = plain.map((one) => (typeof one === "string" ? one : one.model));
    if (plain.length === 1 && around(next).isModel(target) && bookIn(next).configured(target) === undefined)
      expect(resolver(next)(entry.alias)).toMatchObject({ route: { targets: [{ model: target }] } });
  });
});

test("what was removed is gone, and is not there to be removed again", () => {
  forSeeds(1000, (random) => {
    const step = randomStep(random);
    if (step === undefined) return;
    const { entry, next } = step;
    const without = removed(entry, next);
    expect(without.stored).toEqual(next.stored?.filter((one) => one !== entry) ?? []);
    const again = removal(entry.alias, entry.prefix_matching === true, around(without));
    expect(verdictOf(again, without)).toBe(`alias "${entry.alias}" not found`);
  });
});

test("to remove what was new leaves every name as it was", () => {
  forSeeds(1000, (random) => {
    const step = randomStep(random);
    if (step === undefined || step.world.stored?.some((one) => identityOf(one) === identityOf(step.entry)))
      return;
    const [before, last] = [resolver(step.world), resolver(removed(step.entry, step.next))];
    for (const name of namesOf(step.next, random)) expect(last(name)).toEqual(before(name));
  });
});

test("to set the same again is let in, and changes nothing", () => {
  forSeeds(1000, (random) => {
    const step = randomStep(random);
    if (step === undefined) return;
    const { change, entry, next } = step;
    expect(setting(entry, around(next))(next.stored ?? [])).toEqual(change);
    expect(after(change, next).stored).toEqual(next.stored ?? []);
  });
});

test("two entries come to the same whichever is set first, where both are let in either way", () => {
  let both = 0;
  forSeeds(1000, (random) => {
    const world = settled(randomGround(random), random);
    const [one, two] = [randomEntry(random), randomEntry(random)];
    if (identityOf(one) === identityOf(two)) return;
    const [first, second] = [withAll(world, one, two), withAll(world, two, one)];
    if (first === undefined || second === undefined) return;
    both++;
    const [oneWay, otherWay] = [resolver(first), resolver(second)];
    for (const name of namesOf(first, random)) expect(otherWay(name)).toEqual(oneWay(name));
  });
  if (process.env["SEED"] === undefined) expect(both).toBeGreaterThan(200);
});

function withAll(world: World, ...entries: readonly Entry[]): World | undefined {
  let now = world;
  for (const entry of entries) {
    const change = setting(entry, around(now))(now.stored ?? []);
    if (isProblem(change)) return undefined;
    now = after(change, now);
  }
  return now;
}

function identityOf(entry: Entry): string {
  return nameIdentity(storedAlias(entry));
}
