/** An alias that would lead back to itself is not written, whatever kinds of aliases are on the way. */

import { describe, expect, test } from "bun:test";

import type { Entry } from "../../src/domain/entry.ts";
import { ends, exact, prefix, verdict, type World } from "../support/alias-world.ts";
import type { Written } from "../support/aliases.ts";

/** A link of a chain: a name that leads to it, and what defines it. */
interface Link {
  readonly name: string;
  readonly file?: Readonly<Record<string, Written>>;
  readonly stored?: Entry;
}

/** How each kind of alias leads on to the name of the next. */
const KINDS = {
  "an alias of the file": (id, next) => ({ name: `f${id}`, file: { [`F${id}:latest`]: next } }),
  "a prefix of the file": (id, next) => ({ name: `q${id}-1`, file: { [`q${id}-*`]: next } }),
  "a star of the file": (id, next) => ({ name: `star${id}/${next}`, file: { [`star${id}/*`]: "*" } }),
  "a star in the middle": (id, next) => ({ name: `g${id}-${next}-z`, file: { [`g${id}-*-z`]: ["*"] } }),
  "a stored alias": (id, next) => ({ name: `s${id}`, stored: exact(`S${id}`, next) }),
  "a stored prefix": (id, next) => ({ name: `p${id}-1`, stored: prefix(`P${id}-`, next) }),
} satisfies Record<string, (id: number, next: string) => Link>;

type Kind = keyof typeof KINDS;

const kinds = Object.keys(KINDS) as Kind[];
const newKinds = ["a stored alias", "a stored prefix"] as const;
const ways: Kind[][] = [
  ...kinds.map((one) => [one]),
  ...kinds.flatMap((one) => kinds.map((two) => [one, two])),
];

/** The world in which `way` leads to `end`, and the name at its begin. */
function laid(way: readonly Kind[], end: string): { readonly world: World; readonly begin: string } {
  let begin = end;
  const links = way.toReversed().map((kind, index): Link => {
    const link = KINDS[kind](index + 1, begin);
    begin = link.name;
    return link;
  });
  const file = Object.assign({}, ...links.map((link) => link.file ?? {}));
  return { world: { file, stored: links.flatMap(({ stored }) => stored ?? []) }, begin };
}

describe.each(newKinds)("%s", (kind) => {
  const { name, stored } = KINDS[kind](0, "end");
  if (stored === undefined) throw new Error("Only stored aliases are written");
  const leadingTo = (target: string): Entry => ({ ...stored, target });

  test.each(ways.map((way) => [way.join(" and "), way] as const))("leads back by %s", (_, way) => {
    const { world, begin } = laid(way, name);
    expect(verdict(leadingTo(begin), world)).toBe("alias cycle detected");
    const beside = exact("other", "m");
    expect(verdict(leadingTo(begin), { ...world, stored: [beside, ...(world.stored ?? [])] })).toBe(
      "alias cycle detected",
    );
    expect(verdict({ ...leadingTo("m"), targets: ["m", begin] }, world)).toBe("alias cycle detected");
  });

  test.each(ways.map((way) => [way.join(" and "), way] as const))("leads to a model by %s", (_, way) => {
    const { world, begin } = laid(way, "m");
    expect(verdict(leadingTo(begin), world)).toBe("set");
    expect(ends(name, { ...world, stored: [...(world.stored ?? []), leadingTo(begin)] })).toEqual(["m"]);
  });

  test("leads back no more where a model bears the name of a link that is no alias of the file", () => {
    for (const way of ways.filter(([first]) => first !== "an alias of the file")) {
      const { world, begin } = laid(way, name);
      expect(verdict(leadingTo(begin), { ...world, models: [begin] })).toBe("set");
    }
  });
});

test("a target on a backend is a model, and leads nowhere else", () => {
  const back = { ...exact("y", "x"), targets: [{ model: "x", backend: "attic" }] };
  expect(verdict(exact("x", "y"), { stored: [back] })).toBe("set");
  const there = { ...exact("x", "y"), targets: [{ model: "y", backend: "attic" }] };
  expect(verdict(there, { stored: [exact("y", "x")], backends: ["attic"] })).toBe("set");
});

test("what leads to a circle that somebody wrote by hand is a part of the trouble", () => {
  const world: World = { stored: [exact("y", "z"), exact("z", "y")] };
  expect(verdict(exact("x", "y"), world)).toBe("alias cycle detected");
  expect(verdict(exact("x", "m"), world)).toBe("set");
  expect(verdict(exact("y", "m"), world)).toBe("set");
});

/** The file says of a model that nobody has seen yet that it stands for all else. */
const yetUnseen: World = { file: { "*": "fast", fast: "qwen3:32b" } };

test("a pattern of the file that would catch its own model leaves others alone while nobody has that model", () => {
  expect(ends("anything", yetUnseen)).toEqual(["qwen3:32b"]);
  for (const target of ["fast", "qwen3:32b", "llama3:8b"]) {
    const world: World = { ...yetUnseen, stored: [exact("x", target)] };
    expect(verdict(exact("x", target), yetUnseen)).toBe("set");
    expect(ends("x", world)).toEqual(["qwen3:32b"]);
  }
});

test("an alias that such a pattern leads to can be written all the same", () => {
  const world: World = { file: { "gpt-*": ["best", "x"], best: "gpt-oss:20b" } };
  expect(verdict(exact("x", "m"), world)).toBe("set");
  expect(verdict(prefix("x", "m"), world)).toBe("set");
});

test("but an alias that would close the circle is refused until its target is known", () => {
  const world: World = { file: { "*": "fast" } };
  expect(verdict(exact("fast", "qwen3:32b"), world)).toBe("alias cycle detected");
  expect(verdict(exact("fast", "qwen3:32b"), { ...world, models: ["qwen3:32b"] })).toBe("set");
});

test("a prefix that matches its own target means the model", () => {
  expect(verdict(prefix("gpt-", "gpt-4"), {})).toBe("set");
  expect(verdict(prefix("gpt-", "best"), { stored: [exact("best", "gpt-4")] })).toBe("alias cycle detected");
  expect(verdict(prefix("gpt-", "best"), { stored: [exact("best", "gpt-4")], models: ["gpt-4"] })).toBe(
    "set",
  );
});
