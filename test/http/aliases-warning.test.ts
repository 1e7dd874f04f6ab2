/** A target that nobody has yet is allowed, as in Ollama; a header and the verbose list say so, and no other field does. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { within } from "../support/deadline.ts";

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage({
    toml: '[health]\nprobe_interval = "50ms"\n[aliases]\nempty = "nosuch"\n"half-*" = ["tiny", "nosuch"]\n',
  });
});
afterEach(async () => {
  const stored = (await aliasList(stage, "verbose")).filter(({ source }) => source === "stored");
  await removeAliases(stage, ...stored.map(({ alias }) => alias));
});
afterAll(() => stage[Symbol.asyncDispose]());

const NOBODY = 'no backend has "nosuch"';

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each([
    [{ alias: "new", target: "tiny" }, null],
    [{ alias: "new", target: "TINY:latest" }, null],
    [{ alias: "new", target: "nosuch" }, NOBODY],
    [{ alias: "new-", target: "nosuch", prefix_matching: true }, NOBODY],
    [{ alias: "new", target: "empty" }, NOBODY],
    [{ alias: "new", target: "half-x" }, NOBODY],
    [{ alias: "new", targets: ["tiny", "nosuch", "none"] }, `${NOBODY}; no backend has "none"`],
    [{ alias: "new", targets: [{ model: "nosuch", backend: "box" }] }, 'box does not have "nosuch"'],
    [{ alias: "new", targets: [{ model: "tiny", backend: "box" }, "other"] }, null],
    [{ alias: "new", target: "othr" }, 'no backend has "othr", did you mean "other"?'],
  ])("%j: %j", async (entry, warning) => {
    const answer = await aliasCall(stage, "POST", entry, path);
    expect([answer.status, answer.warning]).toEqual([200, warning]);
    const keys = new Set([...Object.keys(entry), "target"]);
    expect(new Set(Object.keys(answer.body as object))).toEqual(keys);
    const row = (await aliasList(stage, "verbose")).find(({ alias }) => alias === entry.alias);
    expect(row?.["missing"]).toEqual(warning === null ? undefined : warning.split("; "));
  });
});

test("an alias of the file is told of, too, in the verbose list", async () => {
  const rows = await aliasList(stage, "verbose");
  expect(rows.map(({ alias, missing }) => [alias, missing])).toEqual([
    ["empty", [NOBODY]],
    ["half-", [NOBODY]],
  ]);
  expect(await aliasList(stage)).toEqual([
    { alias: "empty", target: "nosuch" },
    { alias: "half-", target: "tiny", prefix_matching: true, targets: ["tiny", "nosuch"] },
  ]);
});

test("once somebody has the model, nothing is missing, and the alias leads there", async () => {
  await setAliases(stage, { alias: "new", target: "later" });
  expect(await stage.ask("new")).toStartWith("404 model 'new' not found");
  stage.engine.list(["tiny:latest", "other:latest", "later:latest"]);
  const found = async (): Promise<void> => {
    while ((await stage.ask("new")) !== "later:latest") await Bun.sleep(10);
  };
  await within(4000, found());
  const row = (await aliasList(stage, "verbose")).find(({ alias }) => alias === "new");
  expect(row).toEqual({ alias: "new", target: "later", source: "stored", shadowed: false });
});

test("however much is missing, the header stays as short as every client can read it", async () => {
  const targets = Array.from({ length: 999 }, (_, at) => `nobody-has-${at}-${"x".repeat(60)}`);
  const { status, body, warning } = await aliasCall(stage, "POST", { alias: "new", targets });
  expect([status, (body as { targets: string[] }).targets.length]).toEqual([200, 999]);
  expect(warning).toStartWith(`no backend has "${targets[0]}"; no backend has "${targets[1]}"; `);
  expect(warning).toEndWith("...");
  expect(warning?.length).toBeLessThan(2000);
  const row = (await aliasList(stage, "verbose")).find(({ alias }) => alias === "new");
  expect(row?.["missing"]).toHaveLength(999);
});

test("letters that no header can hold do not end up in it", async () => {
  stage.engine.list(["tiny:latest", "other:latest", "Zürich-a:latest"]);
  const entry = { alias: "new", target: "Zürich-a" };
  const taken = async (): Promise<void> => {
    while ((await aliasCall(stage, "POST", entry)).status !== 200) await Bun.sleep(10);
  };
  await within(4000, taken());
  const { warning } = await aliasCall(stage, "POST", { alias: "new2", target: "zrich-a" });
  expect(warning).toBe('no backend has "zrich-a", did you mean "Z?rich-a"?');
});
