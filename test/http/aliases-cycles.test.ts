/** No alias can be made that closes a circle, whatever it goes through: aliases of the file or the store, names or prefixes. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

const KINDS = ["file name", "file prefix", "stored name", "stored prefix"] as const;
const CLOSING = ["stored name", "stored prefix"] as const;
type Kind = (typeof KINDS)[number];

/** An alias on the way round, with a name of its own. */
interface Link {
  readonly kind: Kind;
  readonly name: string;
}

/** A circle: its last link is the one that closes it, and leads to the first. */
interface Circle {
  readonly title: string;
  readonly links: readonly Link[];
}

const WAYS: readonly (readonly Kind[])[] = [
  ...KINDS.map((kind) => [kind]),
  ...KINDS.flatMap((first) => KINDS.map((second) => [first, second])),
  ["stored name", "file prefix", "stored prefix", "file name", "stored name", "file name"],
];

const CIRCLES: readonly Circle[] = CLOSING.flatMap((closing) =>
  WAYS.map((way) => [...way, closing].map((kind, at) => ({ kind, at }))),
).map((kinds, circle) => ({
  title: kinds.map(({ kind }) => kind).join(" to "),
  links: kinds.map(({ kind, at }) => ({ kind, name: `c${circle}x${at}-` })),
}));

/** A name that leads to a link. */
function leadingTo({ kind, name }: Link): string {
  return kind.endsWith("prefix") ? `${name}something` : name;
}

function entryOf({ kind, name }: Link, target: string): object {
  return { alias: name, target, ...(kind === "stored prefix" ? { prefix_matching: true } : {}) };
}

/** Every link of a circle with the name of the next, in which the last one closes it. */
function written({ links }: Circle): { link: Link; target: string }[] {
  return links.map((link, at) => ({ link, target: leadingTo(links[at + 1] ?? links[0] ?? link) }));
}

let stage: AliasStage;
beforeAll(async () => {
  const ofFile = CIRCLES.flatMap(written).filter(({ link }) => link.kind.startsWith("file"));
  const lines = ofFile.map(({ link, target }) => {
    const key = link.kind === "file prefix" ? `${link.name}*` : link.name;
    return `"${key}" = "${target}"`;
  });
  const ofStore = CIRCLES.flatMap((circle) => written(circle).slice(0, -1)).filter(({ link }) =>
    link.kind.startsWith("stored"),
  );
  const aliases = ofStore.map(({ link, target }) => entryOf(link, target));
  stage = await aliasStage({
    toml: `[aliases]\n${lines.join("\n")}\n`,
    store: JSON.stringify({ version: 1, aliases }),
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

test("what is there before holds no circle", async () => {
  const rows = await aliasList(stage, "verbose");
  expect(rows).toHaveLength(CIRCLES.flatMap(({ links }) => links.slice(1)).length);
  expect(rows.filter(({ broken }) => broken !== undefined)).toEqual([]);
});

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each(CIRCLES.map((circle) => [circle.title, circle] as const))("%s", async (_, circle) => {
    const before = await stage.stored();
    for (const { link, target } of written(circle).slice(-1)) {
      const closed = await aliasCall(stage, "POST", entryOf(link, target), path);
      expect(closed).toEqual({ status: 400, body: { error: "alias cycle detected" }, warning: null });
      const amongOthers = { ...entryOf(link, "tiny"), targets: ["tiny", target, "other"] };
      expect(await aliasCall(stage, "POST", amongOthers, path)).toEqual(closed);
      expect(await stage.stored()).toBe(before);
    }
  });
});

test("the same aliases are taken where they lead on to a model", async () => {
  for (const { links } of CIRCLES)
    for (const last of links.slice(-1)) await setAliases(stage, entryOf(last, "other"));
  const ends = await Promise.all(
    CIRCLES.flatMap(({ links }) => links.slice(0, 1)).map((first) => stage.ask(leadingTo(first))),
  );
  expect(new Set(ends)).toEqual(new Set(["other:latest"]));
});

test("an alias that is led back to by another target than its first is refused as well", async () => {
  await setAliases(stage, { alias: "pool", targets: ["tiny", "later"] });
  const answer = await aliasCall(stage, "POST", { alias: "later", target: "pool" });
  expect(answer).toMatchObject({ status: 400, body: { error: "alias cycle detected" } });
});

test("a prefix may lead to what it matches itself, and a name in the way that is a model's ends it", async () => {
  await setAliases(
    stage,
    { alias: "self-", target: "self-one", prefix_matching: true },
    { alias: "ti", target: "fast", prefix_matching: true },
    { alias: "fast", target: "tiny" },
  );
  expect(await stage.ask("tiffany")).toBe("tiny:latest");
});

test("a circle that goes over a named backend is none", async () => {
  await setAliases(stage, { alias: "round", targets: [{ model: "about", backend: "box" }] });
  await setAliases(stage, { alias: "about", target: "round" });
  const rows = await aliasList(stage, "verbose");
  expect(rows.filter(({ broken }) => broken !== undefined)).toEqual([]);
});
