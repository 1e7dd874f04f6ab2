/** The verbose list says of each alias where it comes from and what is the matter with it; the plain one says what Ollama's did. */

import { expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";

import { ALIAS_PATHS, aliasCall, aliasList, setAliases } from "../support/alias-api.ts";
import { aliasStage } from "../support/alias-stage.ts";
import { within } from "../support/deadline.ts";

const FILE = [
  "[aliases]",
  'Solid = "tiny"',
  '"gpt-*" = ["tiny", "nosuch"]',
  '"a-*-z" = { targets = ["other"], listed = false }',
].join("\n");

test("all there is to know is there when it is asked for, sorted as the plain list is", async () => {
  await using stage = await aliasStage({
    toml: FILE,
    store: JSON.stringify({
      version: 1,
      aliases: [
        { alias: "solid", target: "other" },
        { alias: "loop", target: "pool" },
        { alias: "pool", target: "loop" },
        { alias: "Zoo", target: "nosuch", echo: false },
        { alias: "tiny", target: "other" },
        { alias: "x", target: "tiny", prefix_matching: true },
      ],
    }),
  });
  const cycle = { source: "stored", shadowed: false, broken: "alias cycle detected" };
  const missing = ['no backend has "nosuch"'];
  expect(await aliasList(stage, "verbose")).toEqual([
    { alias: "Solid", target: "tiny", source: "config", shadowed: false },
    { alias: "Zoo", target: "nosuch", echo: false, source: "stored", shadowed: false, missing },
    {
      ...{ alias: "a-*-z", target: "other", pattern: true, targets: [{ model: "other" }] },
      ...{ strategy: "pool", listed: false, echo: true, source: "config", shadowed: false },
    },
    {
      ...{ alias: "gpt-", target: "tiny", prefix_matching: true, targets: ["tiny", "nosuch"] },
      ...{ source: "config", shadowed: false, missing },
    },
    { alias: "loop", target: "pool", ...cycle },
    { alias: "pool", target: "loop", ...cycle },
    { alias: "solid", target: "other", source: "stored", shadowed: true, shadowed_by: "config" },
    { alias: "tiny", target: "other", source: "stored", shadowed: true, shadowed_by: "model" },
    { alias: "x", target: "tiny", prefix_matching: true, source: "stored", shadowed: false },
  ]);
  expect(await aliasList(stage)).toEqual([
    { alias: "Solid", target: "tiny" },
    { alias: "Zoo", target: "nosuch", echo: false },
    { alias: "gpt-", target: "tiny", prefix_matching: true, targets: ["tiny", "nosuch"] },
    { alias: "loop", target: "pool" },
    { alias: "pool", target: "loop" },
    { alias: "tiny", target: "other" },
    { alias: "x", target: "tiny", prefix_matching: true },
  ]);
});

test.each(ALIAS_PATHS)("%s?verbose is asked for by a yes, and by nothing else", async (path) => {
  await using stage = await aliasStage({ toml: FILE });
  const isVerbose = async (query: string): Promise<boolean> => {
    const { body } = await aliasCall(stage, "GET", undefined, path + query);
    return (body as { aliases: object[] }).aliases.some((row) => "source" in row);
  };
  for (const query of ["?verbose=true", "?verbose=1", "?verbose", "?x=y&verbose=true"])
    expect([query, await isVerbose(query)]).toEqual([query, true]);
  for (const query of ["", "?", "?verbose=false", "?verbose=0", "?verbose=no", "?x=true"])
    expect([query, await isVerbose(query)]).toEqual([query, false]);
});

test("a file that makes stored aliases a circle is loaded; the aliases are broken until one of them is mended", async () => {
  await using stage = await aliasStage({ toml: "[aliases]\n" });
  await setAliases(stage, { alias: "a", target: "b" }, { alias: "c", target: "tiny" });
  const broken = async (): Promise<unknown[]> => {
    const rows = await aliasList(stage, "verbose");
    return rows.filter((row) => row["broken"] !== undefined).map(({ alias }) => alias);
  };
  const becomes = async (names: readonly string[]): Promise<void> => {
    while (!Bun.deepEquals(await broken(), names)) await Bun.sleep(10);
  };
  const text = await readFile(stage.router.file, "utf8");
  await writeFile(stage.router.file, text.replace("[aliases]", '[aliases]\nb = "a"'));
  await within(4000, becomes(["a", "b"]));
  expect(await stage.ask("a")).toBe("404 model 'a' not found: alias cycle detected");
  expect(await stage.ask("c")).toBe("tiny:latest");
  const into = await aliasCall(stage, "POST", { alias: "d", target: "a" });
  expect(into).toMatchObject({ status: 400, body: { error: "alias cycle detected" } });

  await setAliases(stage, { alias: "a", target: "other" });
  expect(await broken()).toEqual([]);
  expect(await stage.ask("b")).toBe("other:latest");
});
