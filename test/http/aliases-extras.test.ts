/** An alias may say more than Ollama's three fields can: it is kept, and returned only if it was given. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage();
});
afterEach(async () => {
  await removeAliases(stage, ...(await aliasList(stage)).map(({ alias }) => alias));
});
afterAll(() => stage[Symbol.asyncDispose]());

const ON_BOX = { model: "tiny", backend: "box" };

/** What was sent, and what is kept of it. */
const KEPT: readonly (readonly [sent: object, kept: object])[] = [
  [{ target: "tiny" }, { target: "tiny" }],
  [{ target: "tiny", prefix_matching: false }, { target: "tiny" }],
  [{ targets: ["tiny"] }, { target: "tiny", targets: ["tiny"] }],
  [{ targets: ["library/tiny:latest", " other "] }, { target: "tiny", targets: ["tiny", "other"] }],
  [
    { target: "tiny", targets: ["tiny", "other"] },
    { target: "tiny", targets: ["tiny", "other"] },
  ],
  [
    { target: " tiny:latest ", targets: ["tiny:latest"] },
    { target: "tiny", targets: ["tiny"] },
  ],
  [{ targets: [ON_BOX, "other"] }, { target: "tiny", targets: [ON_BOX, "other"] }],
  [{ targets: [{ model: "tiny:latest" }] }, { target: "tiny", targets: [{ model: "tiny" }] }],
  ...["pool", "order"].map(
    (strategy) =>
      [
        { target: "tiny", strategy },
        { target: "tiny", strategy },
      ] as const,
  ),
  ...[true, false].flatMap((is) => [
    [
      { target: "tiny", listed: is },
      { target: "tiny", listed: is },
    ] as const,
    [
      { target: "tiny", echo: is },
      { target: "tiny", echo: is },
    ] as const,
  ]),
  [
    { target: "tiny", prefix_matching: null, targets: null, strategy: null, listed: null, echo: null },
    { target: "tiny" },
  ],
  [
    { echo: false, targets: ["other", "tiny"], listed: true, strategy: "order", prefix_matching: true },
    {
      target: "other",
      prefix_matching: true,
      targets: ["other", "tiny"],
      strategy: "order",
      listed: true,
      echo: false,
    },
  ],
  [
    { target: "tiny", options: { temperature: 1 }, force: { options: {} }, weight: 3, source: "x" },
    { target: "tiny", options: { temperature: 1 } },
  ],
];

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each(KEPT)("%j is answered, listed and kept as %j", async (sent, kept) => {
    const entry = { alias: "x", ...kept };
    const { status, body } = await aliasCall(stage, "POST", { alias: "x:latest", ...sent }, path);
    expect([status, body]).toEqual([200, entry]);
    expect(await aliasCall(stage, "GET", undefined, path)).toMatchObject({ body: { aliases: [entry] } });
    expect(JSON.parse((await stage.stored()) ?? "")).toEqual({ version: 1, aliases: [entry] });
    // what was answered may be sent as it is
    expect(await aliasCall(stage, "POST", body, path)).toEqual({ status, body, warning: null });
  });
});

test("whoever sets an alias anew says all of it anew", async () => {
  await setAliases(stage, {
    alias: "x",
    targets: ["tiny", "other"],
    strategy: "order",
    listed: false,
    echo: false,
  });
  await setAliases(stage, { alias: "X", target: "other" });
  expect(await aliasList(stage)).toEqual([{ alias: "X", target: "other" }]);
});

test("a name and a prefix that are spelled alike are two aliases, each with what it says", async () => {
  const name = { alias: "x", target: "tiny", listed: false };
  const prefix = { alias: "x", target: "other", prefix_matching: true, echo: false };
  await setAliases(stage, name, prefix);
  expect(await aliasList(stage)).toEqual([name, prefix] as never);
  expect([await stage.ask("x"), await stage.ask("xy")]).toEqual(["tiny:latest", "other:latest"]);
  expect(await aliasCall(stage, "DELETE", { alias: "x", prefix_matching: true })).toMatchObject({
    status: 200,
  });
  expect(await aliasList(stage)).toEqual([name] as never);
  await setAliases(stage, prefix);
  // without a word of which is meant, the name goes first
  await removeAliases(stage, "x");
  expect(await aliasList(stage)).toEqual([prefix] as never);
});

test("all that was set is there, and in force, after a restart", async () => {
  const entries = [
    { alias: "fast", target: "tiny" },
    { alias: "gpt-", target: "other", prefix_matching: true },
    {
      alias: "many",
      target: "tiny",
      targets: [ON_BOX, "other"],
      strategy: "order",
      listed: false,
      echo: false,
    },
  ];
  await setAliases(stage, ...entries);
  await stage.restart();
  expect(await aliasList(stage)).toEqual(entries);
  expect([await stage.ask("FAST"), await stage.ask("gpt-4o"), await stage.ask("many")]).toEqual([
    "tiny:latest",
    "other:latest",
    "tiny:latest",
  ]);
});
