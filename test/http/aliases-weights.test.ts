/** A target of an alias may have a weight of its own, which is kept, listed and in force, whoever wrote it. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

const OF_THE_FILE = {
  alias: "filed",
  target: "tiny",
  targets: [{ model: "tiny", weight: 3 }, "other"],
};

const WORDS =
  'targets must be names, or objects with "model", "backend" and "weight" (a number from 0.001 to 1000)';

/** Numbers as people and other programs write them. */
const BY_HAND = `{"version":1,"aliases":[{"alias":"hand","target":"tiny","targets":[{"model":"tiny","weight":2.50},{"model":"other","weight":1e2}]}]}`;

const HAND = {
  alias: "hand",
  target: "tiny",
  targets: [
    { model: "tiny", weight: 2.5 },
    { model: "other", weight: 100 },
  ],
};

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage({
    store: BY_HAND,
    toml: '[aliases]\nfiled = [{ model = "tiny", weight = 3 }, "other"]\n',
  });
});
afterEach(async () => {
  // those of a test go, and what others wrote stays as they wrote it
  for (const { alias } of await aliasList(stage))
    if (!["hand", "filed"].includes(alias)) await aliasCall(stage, "DELETE", { alias });
  expect(await stage.stored()).toMatch(/"weight": ?2\.50\b[^]*"weight": ?1e2\b/);
});
afterAll(() => stage[Symbol.asyncDispose]());

interface Candidate {
  readonly model: string;
  readonly weight: number;
}

/** What each target weighs for whoever asks for this name. */
async function weightsOf(name: string): Promise<unknown> {
  const answer = await fetch(`${stage.url}/mellamo/resolve?model=${name}`);
  const { targets, candidates } = (await answer.json()) as {
    readonly targets: readonly object[];
    readonly candidates: readonly Candidate[];
  };
  return { targets, weights: candidates.map(({ model, weight }) => [model, weight]) };
}

test("those of the file and those that were written by hand are listed", async () => {
  expect(await aliasList(stage)).toEqual([OF_THE_FILE, HAND]);
});

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each<[string, readonly unknown[]]>([
    ["one target of several", [{ model: "tiny", weight: 3 }, "other"]],
    [
      "each target",
      [
        { model: "tiny", weight: 0.5 },
        { model: "other", weight: 2 },
      ],
    ],
    ["a target on a backend", [{ model: "tiny", backend: "box", weight: 3 }]],
    ["the least there is", [{ model: "tiny", weight: 0.001 }]],
    ["the most there is", [{ model: "tiny", weight: 1000 }]],
  ])("%s may have one: it is answered, listed and kept", async (_, targets) => {
    const entry = { alias: "x", target: "tiny", targets };
    const { status, body } = await aliasCall(stage, "POST", { alias: "x", targets }, path);
    expect([status, body]).toEqual([200, entry]);
    expect(await aliasList(stage)).toContainEqual(entry);
    const { aliases } = JSON.parse((await stage.stored()) ?? "") as { readonly aliases: readonly unknown[] };
    expect(aliases).toContainEqual(entry);
  });

  test.each(["0", "-1", "0.0009", "1000.5", "1e400", '"3"', "true", "null", "[1]", "{}"])(
    "%s is no weight: the alias is refused in one sentence",
    async (weight) => {
      const body = `{"alias":"x","targets":["other",{"model":"tiny","weight":${weight}}]}`;
      expect(await aliasCall(stage, "POST", body, path)).toMatchObject({
        status: 400,
        body: { error: WORDS },
      });
      expect(await aliasList(stage)).toEqual([OF_THE_FILE, HAND]);
    },
  );
});

test("it takes the place of the backend's own, for whoever asks for the alias, and still does after a restart", async () => {
  await setAliases(stage, { alias: "x", targets: [{ model: "tiny", backend: "box", weight: 2.5 }] });
  const targets = [{ model: "tiny", backend: "box", weight: 2.5 }];
  expect(await weightsOf("x")).toEqual({ targets, weights: [["tiny:latest", 2.5]] });
  expect(await weightsOf("tiny")).toEqual({ targets: [{ model: "tiny" }], weights: [["tiny:latest", 1]] });
  await stage.restart();
  expect(await weightsOf("x")).toEqual({ targets, weights: [["tiny:latest", 2.5]] });
  expect(await aliasList(stage)).toContainEqual({ alias: "x", target: "tiny", targets });
});

test.each([
  ["filed", [["tiny:latest", 3]]],
  ["hand", [["tiny:latest", 2.5]]],
])("that of %s is in force", async (name, weights) => {
  // of the targets of a pool a backend stands for the first that it has
  expect(await weightsOf(name)).toMatchObject({ weights });
});

test("an alias that is set anew without it has none any more", async () => {
  await setAliases(stage, { alias: "x", targets: [{ model: "tiny", weight: 3 }] });
  await setAliases(stage, { alias: "x", targets: [{ model: "tiny" }] });
  expect(await aliasList(stage)).toContainEqual({ alias: "x", target: "tiny", targets: [{ model: "tiny" }] });
  expect(await weightsOf("x")).toMatchObject({ weights: [["tiny:latest", 1]] });
});
