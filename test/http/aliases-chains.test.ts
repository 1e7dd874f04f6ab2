/** Aliases may lead to aliases over ten steps; one that would make it eleven is refused, wherever it would stand. */

import { afterEach, beforeEach, expect, test } from "bun:test";

import { aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

const FILE = ["[aliases]", 'f1 = "p-anything"', '"p-*" = "f2"', 'f2 = "s1"', '"far-*" = "s2"'].join("\n");

let stage: AliasStage;
beforeEach(async () => {
  stage = await aliasStage({ toml: FILE });
});
afterEach(() => stage[Symbol.asyncDispose]());

/** `a1` to `aN`, each leading to the next, and the last to `end`. */
function chain(letter: string, length: number, end = "tiny"): object[] {
  return Array.from({ length }, (_, at) => ({
    alias: `${letter}${at + 1}`,
    target: at + 1 < length ? `${letter}${at + 2}` : end,
  }));
}

async function refusal(entry: object): Promise<string> {
  const before = await stage.stored();
  const { status, body } = await aliasCall(stage, "POST", entry);
  expect(await stage.stored()).toBe(before);
  return `${status} ${(body as { error: string }).error}`;
}

const TOO_LONG = "400 alias chain of more than 10 hops";

test("eleven aliases in a row are ten steps: they can be asked, and are listed", async () => {
  await setAliases(stage, ...chain("a", 11));
  expect(await stage.ask("a1")).toBe("tiny:latest");
  const tags = await (await fetch(`${stage.url}/api/tags`)).text();
  expect(tags).toContain('"a1:latest"');
});

test("so they can where they were made from the last to the first, and from the middle", async () => {
  await setAliases(stage, ...chain("a", 11).toReversed());
  expect(await stage.ask("a1")).toBe("tiny:latest");
  const [first, ...rest] = chain("b", 11);
  await setAliases(stage, ...rest.slice(4), ...rest.slice(0, 4), first ?? {});
  expect(await stage.ask("b1")).toBe("tiny:latest");
});

test("a twelfth is refused before them, behind them and between them", async () => {
  await setAliases(stage, ...chain("a", 11));
  expect(await refusal({ alias: "a0", target: "a1" })).toBe(TOO_LONG);
  expect(await refusal({ alias: "a", target: "A1:latest" })).toBe(TOO_LONG);
  expect(await refusal({ alias: "any-", target: "a1", prefix_matching: true })).toBe(TOO_LONG);
  expect(await refusal({ alias: "b", targets: ["tiny", "a1"] })).toBe(TOO_LONG);
  await setAliases(stage, { alias: "b1", target: "tiny" });
  expect(await refusal({ alias: "a11", target: "b1" })).toBe(TOO_LONG);
  await setAliases(stage, { alias: "b2", target: "a6" });
  expect(await refusal({ alias: "a5", target: "b2" })).toBe(TOO_LONG);
  expect(await stage.ask("a1")).toBe("tiny:latest");
});

test("two chains may not be joined to one that is too long", async () => {
  await setAliases(stage, ...chain("a", 6), ...chain("b", 6, "other"));
  expect(await refusal({ alias: "a6", target: "b1" })).toBe(TOO_LONG);
  await setAliases(stage, { alias: "a6", target: "b2" });
  expect(await stage.ask("a1")).toBe("other:latest");
});

test("what the file has on the way counts, before and behind", async () => {
  // f1, p-*, f2 and eight of the store
  await setAliases(stage, ...chain("s", 8));
  expect(await stage.ask("f1")).toBe("tiny:latest");
  await setAliases(stage, { alias: "t1", target: "tiny" });
  expect(await refusal({ alias: "s8", target: "t1" })).toBe(TOO_LONG);
  expect(await refusal({ alias: "t0", target: "f1" })).toBe(TOO_LONG);
});

test("room is made by taking a step away", async () => {
  await setAliases(stage, ...chain("a", 11));
  await removeAliases(stage, "a11");
  await setAliases(stage, { alias: "a10", target: "other" }, { alias: "a0", target: "a1" });
  expect(await stage.ask("a0")).toBe("other:latest");
});

test("ollama cp makes no chain that is too long either", async () => {
  await setAliases(stage, ...chain("s", 8));
  const copy = async (source: string, destination: string): Promise<string> => {
    const body = JSON.stringify({ source, destination });
    const answer = await fetch(`${stage.url}/api/copy`, { method: "POST", body });
    return `${answer.status} ${await answer.text()}`;
  };
  expect(await copy("f1", "mine")).toBe('400 {"error":"alias chain of more than 10 hops"}');
  expect(await copy("f2", "mine")).toBe("200 ");
  // a copy of a stored alias is what that is, and no step longer
  expect(await copy("mine", "yours")).toBe("200 ");
  expect(await stage.ask("yours")).toBe("tiny:latest");
});

test("a chain that a hand made too long is told of, and leaves the shorter part of itself in force", async () => {
  await using byHand = await aliasStage({ store: JSON.stringify({ version: 1, aliases: chain("a", 12) }) });
  expect(await byHand.ask("a1")).toBe("404 model 'a1' not found: alias chain of more than 10 hops");
  expect(await byHand.ask("a2")).toBe("tiny:latest");
  const broken = (await aliasList(byHand, "verbose")).filter((row) => row["broken"] !== undefined);
  expect(broken).toMatchObject([{ alias: "a1", broken: "alias chain of more than 10 hops" }]);
});
