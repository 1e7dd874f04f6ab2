/** `ollama rm` removes an alias, or a model; but no model that is all a stored alias stands for: whoever made that by cp believes to own a copy. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";

import { aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage({
    toml: '[aliases]\nfile = "tiny"\n"f-*" = "tiny"\nboth = ["tiny", "other"]\n',
  });
});
beforeEach(async () => {
  await removeStored();
  for (const model of ["tiny:latest", "other:latest"]) {
    stage.engine.models.add(model);
    stage.engine.list([...stage.engine.models]);
    // who asks for what was not there makes the router look for it
    expect(await stage.ask(model)).toBe(model);
  }
  stage.engine.deeds.length = 0;
});
afterAll(() => stage[Symbol.asyncDispose]());

async function removeStored(): Promise<void> {
  const stored = (await aliasList(stage, "verbose")).filter(({ source }) => source === "stored");
  await removeAliases(stage, ...stored.map(({ alias }) => alias));
}

async function rm(name: string): Promise<string> {
  const body = JSON.stringify({ model: "", name });
  const answer = await fetch(`${stage.url}/api/delete`, { method: "DELETE", body });
  const text = await answer.text();
  if (answer.status === 200) {
    expect([text, answer.headers.get("content-type")]).toEqual(["", null]);
    return "200";
  }
  return `${answer.status} ${(JSON.parse(text) as { error: string }).error}`;
}

function stillNeeded(model: string, alias: string): string {
  return `409 "${model}" is all that the alias "${alias}" stands for: delete the alias first`;
}

describe("a model stays as long as it is all that a stored alias stands for", () => {
  test.each<[string, string, object[]]>([
    ["by its name", "mine", [{ alias: "mine", target: "tiny" }]],
    ["by another spelling", "mine", [{ alias: "mine", target: "library/TINY:latest" }]],
    [
      "over another alias",
      "mine",
      [
        { alias: "mine", target: "yours" },
        { alias: "yours", target: "tiny" },
      ],
    ],
    ["over an alias of the file", "mine", [{ alias: "mine", target: "file" }]],
    ["over a pattern of the file", "mine", [{ alias: "mine", target: "f-anything" }]],
    ["on one backend", "mine", [{ alias: "mine", targets: [{ model: "tiny", backend: "box" }] }]],
    ["beside what nobody has", "mine", [{ alias: "mine", targets: ["nosuch", "tiny", "none"] }]],
    ["first in an order", "mine", [{ alias: "mine", targets: ["tiny", "nosuch"], strategy: "order" }]],
    ["by a prefix", "mine-*", [{ alias: "mine-", target: "tiny", prefix_matching: true }]],
    [
      "among aliases of other models",
      "mine",
      [
        { alias: "a", target: "other" },
        { alias: "mine", target: "tiny" },
      ],
    ],
  ])("%s", async (_, named, entries) => {
    await setAliases(stage, ...entries);
    for (const name of ["tiny", "TINY:latest", "library/tiny"])
      expect(await rm(name)).toBe(stillNeeded(name, named));
    expect(stage.engine.deeds).toEqual([]);
    expect(stage.engine.models).toContain("tiny:latest");

    await removeStored();
    expect(await rm("tiny")).toBe("200");
    expect(stage.engine.models).not.toContain("tiny:latest");
  });
});

describe("a model goes", () => {
  test.each<[string, object[]]>([
    ["where only the file names it", []],
    ["where an alias has another target that is there", [{ alias: "mine", targets: ["tiny", "other"] }]],
    ["where an alias of the file has, which a stored one leads to", [{ alias: "mine", target: "both" }]],
    ["where a stored alias stands for what nobody has", [{ alias: "mine", target: "nosuch" }]],
    ["where stored aliases stand for other models", [{ alias: "mine", target: "other" }]],
  ])("%s", async (_, entries) => {
    await setAliases(stage, ...entries);
    expect(await rm("tiny")).toBe("200");
    expect(stage.engine.deeds).toEqual(['DELETE /api/delete {"model":"tiny:latest","name":"tiny:latest"}']);
    expect(await aliasList(stage)).toHaveLength(3 + entries.length);
  });
});

test("of two targets the second is the last, and stays", async () => {
  await setAliases(stage, { alias: "mine", targets: ["tiny", "other"] });
  expect(await rm("tiny")).toBe("200");
  expect(await rm("other")).toBe(stillNeeded("other", "mine"));
  expect(await stage.ask("mine")).toBe("other:latest");
});

test("an alias goes by any spelling, its model stays, and no engine hears of it", async () => {
  for (const name of ["mine", "MINE", "mine:latest", "library/mine"]) {
    await setAliases(stage, { alias: "mine", target: "tiny" });
    expect(await rm(name)).toBe("200");
    expect(await rm(name)).toBe(`404 model '${name}' not found`);
  }
  expect(stage.engine.deeds).toEqual([]);
  expect(await stage.ask("tiny")).toBe("tiny:latest");
});

test("an alias of what nobody has, and one of an engine that has stopped, go as well", async () => {
  await setAliases(stage, { alias: "dangling", target: "nosuch" }, { alias: "mine", target: "tiny" });
  await stage.engine.stop();
  expect([await rm("dangling"), await rm("mine")]).toEqual(["200", "200"]);
  await stage.engine.start();
});

test("what only a prefix gives a meaning to is no model, and nothing goes", async () => {
  const prefix = { alias: "gpt-", target: "tiny", prefix_matching: true };
  await setAliases(stage, prefix);
  expect(await rm("gpt-4")).toStartWith("404 model 'gpt-4' not found");
  expect(await rm("gpt-")).toStartWith("404 model 'gpt-' not found");
  expect(await rm("f-4")).toStartWith("404 model 'f-4' not found");
  expect(await aliasList(stage)).toContainEqual(prefix as never);
  expect(stage.engine.deeds).toEqual([]);
});

test("of an alias and a model of one name the model goes, and the alias is in force again", async () => {
  await setAliases(stage, { alias: "mine", target: "other" });
  stage.engine.models.add("mine:latest");
  stage.engine.list([...stage.engine.models]);
  // a look for another name finds it
  expect(await stage.ask("nosuch")).toStartWith("404");
  expect(await stage.ask("mine")).toBe("mine:latest");
  expect(await rm("mine")).toBe("200");
  expect(stage.engine.models).not.toContain("mine:latest");
  expect(await stage.ask("mine")).toBe("other:latest");
});
