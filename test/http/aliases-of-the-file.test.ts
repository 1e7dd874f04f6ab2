/** What the configuration file says about a name is not changed over HTTP, by whatever call. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage({
    toml: [
      "[aliases]",
      'Fast = "tiny"',
      '"gpt-*" = "tiny"',
      '"a-*-b" = "other"',
      '"org/repo/x@q4" = { targets = [{ model = "other", backend = "box" }], listed = false }',
      'both = { targets = ["tiny", "other"], strategy = "order", echo = false }',
    ].join("\n"),
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function conflict(name: string): object {
  const error = `alias "${name}" is defined in the configuration file`;
  return { status: 409, body: { error }, warning: null };
}

async function ollama(method: string, path: string, body: object): Promise<object> {
  const answer = await fetch(stage.url + path, { method, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json(), warning: null };
}

const SPELLINGS = ["Fast", "FAST", "fast:latest", "library/fast", "registry.ollama.ai/library/Fast:LATEST"];

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each(SPELLINGS)("%s is neither set nor deleted", async (alias) => {
    const set = { alias, target: "other" };
    expect(await aliasCall(stage, "POST", set, path)).toEqual(conflict(alias) as never);
    expect(await aliasCall(stage, "DELETE", { alias }, path)).toEqual(conflict(alias) as never);
  });

  test.each(["gpt-", "GPT-"])("nor is the prefix %s, which the file writes with a star", async (alias) => {
    const set = { alias, target: "other", prefix_matching: true };
    expect(await aliasCall(stage, "POST", set, path)).toEqual(conflict(alias) as never);
    expect(await aliasCall(stage, "DELETE", { alias }, path)).toEqual(conflict(alias) as never);
    const precisely = { alias, prefix_matching: true };
    expect(await aliasCall(stage, "DELETE", precisely, path)).toEqual(conflict(alias) as never);
  });

  test.each(["gpt-*", "Gpt-*", "a-*-b", "A-*-B"])(
    "nor is %s deleted as it is written there",
    async (alias) => {
      expect(await aliasCall(stage, "DELETE", { alias }, path)).toEqual(conflict(alias) as never);
    },
  );
});

test.each(SPELLINGS)("ollama cp tiny %s, and ollama rm of it, are refused", async (name) => {
  const copy = await ollama("POST", "/api/copy", { source: "tiny", destination: name });
  expect(copy).toEqual(conflict("Fast"));
  expect(await ollama("DELETE", "/api/delete", { model: "", name })).toEqual(conflict("Fast"));
});

test("nothing of that was kept, and no engine heard of it", async () => {
  expect(JSON.parse((await stage.stored()) ?? '{"aliases":[]}')).toMatchObject({ aliases: [] });
  expect(stage.engine.deeds).toEqual([]);
  expect(await stage.ask("fast")).toBe("tiny:latest");
});

test("an exact alias may stand beside a prefix of the file, and goes before it; the prefix is left", async () => {
  await setAliases(stage, { alias: "gpt-", target: "other" }, { alias: "gpt-4", target: "other" });
  expect(await Promise.all([stage.ask("gpt-4"), stage.ask("gpt-")])).toEqual([
    "other:latest",
    "other:latest",
  ]);
  await removeAliases(stage, "gpt-", "gpt-4");
  expect(await stage.ask("gpt-4")).toBe("tiny:latest");
});

test("a prefix may stand beside an exact alias of the file, and is deleted where it is asked for as one", async () => {
  await setAliases(stage, { alias: "fast", target: "other", prefix_matching: true });
  expect(await Promise.all([stage.ask("fast"), stage.ask("faster")])).toEqual([
    "tiny:latest",
    "other:latest",
  ]);
  expect(await aliasCall(stage, "DELETE", { alias: "fast" })).toEqual(conflict("fast") as never);
  const removed = await aliasCall(stage, "DELETE", { alias: "fast", prefix_matching: true });
  expect(removed).toMatchObject({ status: 200 });
});

test("a star is a character as any other over HTTP: a stored prefix that has one comes and goes", async () => {
  await setAliases(stage, { alias: "gpt-*", target: "other", prefix_matching: true });
  expect(await stage.ask("gpt-4")).toBe("tiny:latest");
  expect(await stage.ask("gpt-*4")).toBe("other:latest");
  await removeAliases(stage, "gpt-*");
  expect(await stage.ask("gpt-*4")).toBe("tiny:latest");
});

test("the file's aliases are listed as entries; a pattern that is more than a prefix is not, for no entry can say it", async () => {
  expect(await aliasList(stage)).toEqual([
    { alias: "Fast", target: "tiny" },
    { alias: "both", target: "tiny", targets: ["tiny", "other"], strategy: "order", echo: false },
    { alias: "gpt-", target: "tiny", prefix_matching: true },
    {
      alias: "org/repo/x@q4",
      target: "other",
      targets: [{ model: "other", backend: "box" }],
      listed: false,
    },
  ]);
});

test("a verbose list has them all", async () => {
  const rows = await aliasList(stage, "verbose");
  expect(rows.map(({ alias, source, pattern }) => [alias, source, pattern])).toEqual([
    ["Fast", "config", undefined],
    ["a-*-b", "config", true],
    ["both", "config", undefined],
    ["gpt-", "config", undefined],
    ["org/repo/x@q4", "config", undefined],
  ]);
});
