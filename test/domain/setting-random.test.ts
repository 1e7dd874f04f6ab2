/** Whatever is written one after the other: what is let in can be followed, and what is refused could not be. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { setting } from "../../src/domain/amendment.ts";
import { nameIdentity } from "../../src/domain/book.ts";
import { type Entry, storedAlias } from "../../src/domain/entry.ts";
import { isProblem } from "../../src/domain/problem.ts";
import { MAX_HOPS } from "../../src/domain/resolve.ts";
import { after, around, resolver, verdict, type World } from "../support/alias-world.ts";
import { circleOf, isCircular, type Stop, Walker } from "../support/naive-walker.ts";
import { brokenChain, randomEntry, randomFile, randomGround, settled } from "../support/random-world.ts";
import { forSeeds } from "../support/random.ts";

// a busy machine takes its time
setDefaultTimeout(30_000);

const CYCLE = "alias cycle detected";
const TOO_LONG = "alias chain of more than 10 hops";

test("no alias that was let in leads into a circle or too far, nor does any other because of it", () => {
  const seen = { set: 0, refused: 0 };
  forSeeds(600, (random) => {
    let world = randomGround(random);
    for (let turn = 0; turn < 20; turn++) {
      const change = setting(randomEntry(random), around(world))(world.stored ?? []);
      seen[isProblem(change) ? "refused" : "set"]++;
      if (!isProblem(change)) world = after(change, world);
    }
    const resolved = resolver(world);
    for (const { alias, prefix_matching: isPrefix } of world.stored ?? []) {
      const name = isPrefix === true ? `${alias}~9` : alias;
      expect([name, resolved(name).kind]).toEqual([name, "route"]);
    }
  });
  expectAll(seen, 500);
});

test("what is refused for a circle goes round it, step by step, and what is let in does not", () => {
  const seen = { cycle: 0, set: 0 };
  forSeeds(900, (random) => {
    const world = settled(randomGround(random), random, 60);
    const entry = randomEntry(random, 0.8);
    const said = verdict(entry, world);
    const { written, start } = withEntry(entry, world);
    if (start === undefined || (said !== CYCLE && said !== "set")) return;
    const circles = [...new Walker(written, MAX_HOPS + 5).walksFrom(start)].filter(isCircular).map(circleOf);
    const isOwn = circles.some((circle) => circle.some((alias) => nameIdentity(alias) === identityOf(entry)));
    expect([said, isOwn]).toEqual([said, said === CYCLE]);
    seen[said === CYCLE ? "cycle" : "set"]++;
  });
  expectAll(seen, 40);
});

test("what is refused for its length is too long, step by step, and what is let in is not", () => {
  const seen = { long: 0, set: 0 };
  forSeeds(1000, (random) => {
    const world = brokenChain({ file: randomFile(random) }, random);
    const entry = randomEntry(random, 0);
    const said = verdict(entry, world);
    const { written, start } = withEntry(entry, world);
    if (start === undefined || (said !== TOO_LONG && said !== "set")) return;
    const walker = new Walker(written, MAX_HOPS + 5);
    const walks = walker.starts().flatMap((one) => [...walker.walksFrom(one)]);
    // it is no matter of counting where a circle is left
    if (walks.some(isCircular)) return;
    // resolution has less patience with a pattern that is met again, and so have those who let aliases in
    if (said === "set" && walks.some((walk) => new Set(walk.map(({ alias }) => alias)).size < walk.length))
      return;
    const through = walks.filter((walk) =>
      walk.some(({ alias }) => nameIdentity(alias) === identityOf(entry)),
    );
    const hops = Math.max(...through.map((walk) => walk.length - 1));
    expect([said, hops > MAX_HOPS]).toEqual([said, said === TOO_LONG]);
    seen[said === TOO_LONG ? "long" : "set"]++;
  });
  expectAll(seen, 30);
});

/** How often each has to come up at least, so that nothing is promised of what never happens. */
function expectAll(seen: Readonly<Record<string, number>>, least: number): void {
  if (process.env["SEED"] === undefined) expect(Math.min(...Object.values(seen))).toBeGreaterThan(least);
}

/** The world with the entry in it, whether it may be or not, and where a walk from it begins. */
function withEntry(
  entry: Entry,
  world: World,
): { readonly written: World; readonly start: Stop | undefined } {
  const written = after({ set: entry }, world);
  const start = new Walker(written).starts().find(({ alias }) => nameIdentity(alias) === identityOf(entry));
  return { written, start };
}

function identityOf(entry: Entry): string {
  return nameIdentity(storedAlias(entry));
}
