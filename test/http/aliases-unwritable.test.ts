/** Where the store cannot be changed, whoever tries is told so in Ollama's shape, and all that was in force stays in force. */

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmod, mkdir, readdir, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";

import { ALIAS_PATHS, aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

const MINE = [
  { alias: "mine", target: "tiny" },
  { alias: "p-", target: "other", prefix_matching: true },
];

let stage: AliasStage;
beforeEach(async () => {
  stage = await aliasStage();
  await setAliases(stage, ...MINE);
});
afterEach(() => stage[Symbol.asyncDispose]());

/** What each call that would change the store is told. */
async function refusals(): Promise<string[]> {
  const calls: [method: string, path: string, body: object][] = [
    ...ALIAS_PATHS.flatMap((path): [string, string, object][] => [
      ["POST", path, { alias: "new", target: "tiny" }],
      ["POST", path, { alias: "mine", target: "other" }],
      ["DELETE", path, { alias: "mine" }],
      ["DELETE", path, { alias: "p-" }],
    ]),
    ["POST", "/api/copy", { source: "tiny", destination: "new" }],
    ["DELETE", "/api/delete", { model: "", name: "mine" }],
  ];
  const words: string[] = [];
  for (const [method, path, body] of calls) {
    const answer = await fetch(stage.url + path, { method, body: JSON.stringify(body) });
    const text = await answer.text();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      500,
      "application/json; charset=utf-8",
    ]);
    expect(Object.keys(JSON.parse(text) as object)).toEqual(["error"]);
    words.push((JSON.parse(text) as { error: string }).error);
  }
  return [...new Set(words)];
}

function why(reason: string): string {
  return `the alias store ${stage.store} cannot be changed: ${reason}`;
}

async function expectAllInForce(): Promise<void> {
  expect(await aliasList(stage)).toEqual(MINE);
  expect([await stage.ask("mine"), await stage.ask("p-1")]).toEqual(["tiny:latest", "other:latest"]);
}

describe("a file that nobody may write", () => {
  test("stays as it is, to the last byte, and so do the aliases; a restart changes nothing of that", async () => {
    const before = await stage.stored();
    await chmod(stage.store, 0o444);
    expect(await refusals()).toEqual([why("it is read-only")]);
    expect(await stage.stored()).toBe(before);
    await expectAllInForce();

    await stage.restart();
    expect(await refusals()).toEqual([why("it is read-only")]);
    expect(await stage.stored()).toBe(before);
    await expectAllInForce();
    expect((await readdir(dirname(stage.store))).sort()).toEqual(["server.json", "server.json.lock"]);
  });

  test("can be changed once its owner lets that be", async () => {
    await chmod(stage.store, 0o444);
    await refusals();
    await chmod(stage.store, 0o644);
    await setAliases(stage, { alias: "new", target: "tiny" });
    expect(await aliasList(stage)).toEqual([MINE[0], { alias: "new", target: "tiny" }, MINE[1]] as never);
  });

  test("may be set to what it says already, for that changes nothing", async () => {
    await chmod(stage.store, 0o444);
    expect(await aliasCall(stage, "POST", MINE[0])).toMatchObject({ status: 200, body: MINE[0] });
  });
});

describe("a folder in the place of the file", () => {
  beforeEach(async () => {
    await rm(stage.store);
    await mkdir(stage.store);
  });

  test("is left alone, and the aliases stay what they were", async () => {
    expect(await refusals()).toEqual([why("it is a folder")]);
    await expectAllInForce();
    expect(await readdir(stage.store)).toEqual([]);
  });

  test("keeps no router from starting, which serves models without any aliases", async () => {
    await stage.restart();
    await stage.router.log.until(/event="alias store" .*it is a folder/);
    expect(await aliasList(stage)).toEqual([]);
    expect(await stage.ask("tiny")).toBe("tiny:latest");
    const set = await aliasCall(stage, "POST", { alias: "new", target: "tiny" });
    expect(set).toMatchObject({ status: 500, body: { error: why("it is a folder") } });
    expect(await readdir(stage.store)).toEqual([]);
  });

  test("is forgotten once there is a file again", async () => {
    await refusals();
    await rm(stage.store, { recursive: true });
    await setAliases(stage, { alias: "mine", target: "other" });
    expect(await stage.ask("mine")).toBe("other:latest");
  });
});

test("a link that leads back to itself is no store either", async () => {
  await rm(stage.store);
  await symlink(stage.store, stage.store);
  const [words = "", ...others] = await refusals();
  expect(words).toStartWith(why(""));
  expect(others).toEqual([]);
  await expectAllInForce();
});
