/** Random aliases of a file and of a store, of which most lead on to the next, so that there are chains and circles. */

import { setting } from "../../src/domain/amendment.ts";
import { bookOf } from "../../src/domain/book.ts";
import { chainFaults } from "../../src/domain/chains.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { isProblem } from "../../src/domain/problem.ts";
import { after, around, exact, prefix, type World } from "./alias-world.ts";
import { aliases, type Written } from "./aliases.ts";
import type { Random } from "./random.ts";

/** Names are `n0` to `n15`. Of the patterns some match those, some catch what others lead to, and some take a star on. */
const COUNT = 16;
const PATTERNS = ["my/*", "p-*", "n1*", "*-z", "n-*-z", "*"] as const;
const PREFIXES = ["p-", "q-", "n1", "n2", "my/n3", "z"] as const;

export function randomName(random: Random, near = random.below(COUNT)): string {
  const name = `n${near}`;
  return random.chance(0.8)
    ? name
    : random.pick([`my/${name}`, `p-${name}`, `q-${name}`, `${name}-z`, `N${near}:latest`]);
}

/** Mostly the next name; `stray` is how often it is any. */
function randomTarget(random: Random, from: number, stray = 0.1): string {
  return random.chance(stray) ? randomName(random) : randomName(random, from + 1);
}

/** Mostly one, so that long chains are not drowned in short ones. */
function targetCount(random: Random): number {
  return random.chance(0.8) ? 1 : 2 + random.below(2);
}

/** One that a configuration file may hold, without circles of its own. */
export function randomFile(random: Random): Readonly<Record<string, Written>> {
  const names = random.list(random.below(6), () => random.below(COUNT));
  const exacts = names.map(
    (at) => [`n${at}`, random.list(targetCount(random), () => randomTarget(random, at))] as const,
  );
  const patterns = PATTERNS.filter(() => random.chance(0.2)).map(
    (name) =>
      [
        name,
        random.list(targetCount(random), () =>
          random.pick(["*", "n*", "p-*", randomName(random), randomName(random)]),
        ),
      ] as const,
  );
  const file = Object.fromEntries(random.shuffled([...exacts, ...patterns]));
  return chainFaults(bookOf(aliases(file))).length === 0 ? file : {};
}

export function randomEntry(random: Random, stray?: number): Entry {
  const at = random.below(COUNT);
  const targets = random.list(targetCount(random), () => randomTarget(random, at, stray));
  const entry = random.chance(0.2) ? prefix(random.pick(PREFIXES), ...targets) : exact(`n${at}`, ...targets);
  return random.chance(0.2) ? { ...entry, strategy: "order" } : entry;
}

/** A file and some models. */
export function randomGround(random: Random): World {
  const models = random.list(random.below(4), () => randomName(random));
  return { file: random.chance(0.7) ? randomFile(random) : {}, models };
}

/** The world after up to `count` entries were written into it, of which some may have been refused. */
export function settled(world: World, random: Random, count = 24, stray?: number): World {
  let now = world;
  for (let turn = random.below(count); turn > 0; turn--) {
    const change = setting(randomEntry(random, stray), around(now))(now.stored ?? []);
    if (!isProblem(change)) now = after(change, now);
  }
  return now;
}

/** Aliases that would be one long chain, were it not for some that are left out. */
export function brokenChain(world: World, random: Random): World {
  const kept = random.list(COUNT, (at) => at).filter(() => random.chance(0.85));
  const stored = kept.map((at) =>
    exact(`n${at}`, ...random.list(targetCount(random), () => randomTarget(random, at, 0))),
  );
  return { ...world, stored: random.shuffled([...stored, prefix("q-", randomName(random))]) };
}

/** A store that somebody wrote by hand: nothing has been checked. */
export function unchecked(world: World, random: Random): World {
  let now = world;
  for (let turn = random.below(24); turn > 0; turn--) now = after({ set: randomEntry(random) }, now);
  return now;
}

/** Names to ask for: all aliases, and some more. */
export function namesOf({ file = {}, stored = [] }: World, random: Random): string[] {
  const prefixed = stored.map(({ alias, prefix_matching: isPrefix }) => (isPrefix ? `${alias}-9` : alias));
  const written = Object.keys(file).map((name) => name.replaceAll("*", random.pick(["9", "n3", "my/n2"])));
  return [...written, ...prefixed, ...random.list(5, () => randomName(random)), "nobody"];
}
