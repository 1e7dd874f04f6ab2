/** A weight is a target's own, or that of the targets which led to it through other aliases. */

import { expect, test } from "bun:test";

import { configAlias, type Target } from "../../src/domain/alias.ts";
import { bookOf } from "../../src/domain/book.ts";
import { resolve } from "../../src/domain/resolve.ts";

/** The weights of a name's targets, in their order. */
function weights(
  asked: string,
  written: Readonly<Record<string, readonly Target[]>>,
): (number | undefined)[] {
  const rest = { strategy: "pool", listed: true, echo: true } as const;
  const aliases = Object.entries(written).map(([name, targets]) => configAlias(name, { ...rest, targets }));
  const resolution = resolve(asked, bookOf(aliases), () => false);
  if (resolution.kind !== "route") throw new Error(resolution.kind);
  return resolution.route.targets.map(({ weight }) => weight);
}

test.each<[string, Readonly<Record<string, readonly Target[]>>, (number | undefined)[]]>([
  ["a target's own", { x: [{ model: "a", weight: 3 }, { model: "b" }] }, [3, undefined]],
  ["that of an alias between", { x: [{ model: "y", weight: 3 }], y: [{ model: "a" }] }, [3]],
  [
    "its own before that of an alias between",
    { x: [{ model: "y", weight: 3 }], y: [{ model: "a", weight: 2 }, { model: "b" }] },
    [2, 3],
  ],
  [
    "the nearest of several aliases",
    { x: [{ model: "y", weight: 3 }], y: [{ model: "z", weight: 5 }], z: [{ model: "a" }] },
    [5],
  ],
  ["a pattern's", { x: [{ model: "gpt-4", weight: 3 }], "gpt-*": [{ model: "a" }] }, [3]],
])("%s", (_, written, expected) => {
  expect(weights("x", written)).toEqual(expected);
});
