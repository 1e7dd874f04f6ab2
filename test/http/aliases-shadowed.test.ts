/** A stored alias whose name the file or a model bears has no effect; it is kept, and has one again once they let go of it. */

import { expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";

import { aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { within } from "../support/deadline.ts";

const OFTEN = '[health]\nprobe_interval = "50ms"\n';

/** Saves another `[aliases]` table, and waits until the router has seen that; nobody tells it. */
async function saveAliases({ router }: AliasStage, lines: string): Promise<void> {
  const before = await readFile(router.file, "utf8");
  const seen = router.log.all.length;
  await writeFile(router.file, before.replace(/\[aliases\]\n[^[]*/, `[aliases]\n${lines}\n`));
  const loaded = async (): Promise<void> => {
    while (!router.log.all.slice(seen).some((line) => /event="configuration loaded"/.test(line)))
      await Bun.sleep(10);
  };
  await within(4000, loaded());
}

async function shadows(stage: AliasStage): Promise<unknown[]> {
  const rows = await aliasList(stage, "verbose");
  return rows.map((row) => [row.alias, row["source"], row["shadowed"], row["shadowed_by"]]);
}

async function becomes(stage: AliasStage, name: string, model: string): Promise<void> {
  const asked = async (): Promise<void> => {
    while ((await stage.ask(name)) !== model) await Bun.sleep(10);
  };
  await within(4000, asked());
}

test("the file wins, the stored one is kept, and returns when the file lets go of the name", async () => {
  await using stage = await aliasStage({ toml: "[aliases]\n" });
  const mine = { alias: "fast", target: "tiny", echo: false };
  await setAliases(stage, mine);
  const stored = await stage.stored();

  await saveAliases(stage, 'Fast = "other"');
  expect(await stage.ask("fast")).toBe("other:latest");
  expect(await aliasList(stage)).toEqual([{ alias: "Fast", target: "other" }]);
  expect(await shadows(stage)).toEqual([
    ["Fast", "config", false, undefined],
    ["fast", "stored", true, "config"],
  ]);
  expect(await aliasCall(stage, "POST", mine)).toMatchObject({ status: 409 });
  expect(await aliasCall(stage, "DELETE", { alias: "fast" })).toMatchObject({ status: 409 });
  expect(await stage.stored()).toBe(stored);

  await saveAliases(stage, 'slow = "other"');
  expect(await stage.ask("fast")).toBe("tiny:latest");
  expect(await aliasList(stage)).toEqual([mine, { alias: "slow", target: "other" }]);
  expect(await stage.stored()).toBe(stored);
  await removeAliases(stage, "fast");
});

test("so it is with prefixes", async () => {
  await using stage = await aliasStage({ toml: "[aliases]\n" });
  const mine = { alias: "gpt-", target: "tiny", prefix_matching: true };
  await setAliases(stage, mine);
  await saveAliases(stage, '"GPT-*" = "other"');
  expect(await stage.ask("gpt-4")).toBe("other:latest");
  expect(await shadows(stage)).toEqual([
    ["GPT-", "config", false, undefined],
    ["gpt-", "stored", true, "config"],
  ]);
  expect(await aliasCall(stage, "DELETE", { alias: "gpt-" })).toMatchObject({ status: 409 });
  await saveAliases(stage, '"gpt-4-*" = "other"');
  expect(await Promise.all(["gpt-4-x", "gpt-5"].map(stage.ask))).toEqual(["other:latest", "tiny:latest"]);
  await removeAliases(stage, "gpt-");
});

test("a file that was saved with a mistake changes nothing of that", async () => {
  await using stage = await aliasStage({ toml: '[aliases]\nfast = "other"\n', store: storeOf("fast") });
  const text = await readFile(stage.router.file, "utf8");
  await writeFile(stage.router.file, text.replace('fast = "other"', "fast = 5"));
  await stage.router.log.until(/event="configuration not loaded"/);
  expect(await stage.ask("fast")).toBe("other:latest");
  expect(await shadows(stage)).toContainEqual(["fast", "stored", true, "config"]);
});

test("a model that comes by the alias's name wins; the alias returns when it goes", async () => {
  await using stage = await aliasStage({ toml: OFTEN });
  await setAliases(stage, { alias: "fast", target: "tiny" });
  stage.engine.list(["tiny:latest", "other:latest", "FAST:latest"]);
  await becomes(stage, "fast", "FAST:latest");
  expect(await shadows(stage)).toEqual([["fast", "stored", true, "model"]]);
  expect(await aliasList(stage)).toEqual([{ alias: "fast", target: "tiny" }]);
  stage.engine.list(["tiny:latest", "other:latest"]);
  await becomes(stage, "fast", "tiny:latest");
  expect(await shadows(stage)).toEqual([["fast", "stored", false, undefined]]);
});

test("an alias that a model shadows can be deleted, and that deletes no model", async () => {
  await using stage = await aliasStage({ store: storeOf("tiny") });
  expect(await shadows(stage)).toEqual([["tiny", "stored", true, "model"]]);
  expect(await stage.ask("tiny")).toBe("tiny:latest");
  await removeAliases(stage, "tiny");
  expect(await shadows(stage)).toEqual([]);
  expect(stage.engine.models).toContain("tiny:latest");
});

test("a model shadows no prefix, but goes before it", async () => {
  await using stage = await aliasStage();
  await setAliases(stage, { alias: "tin", target: "other", prefix_matching: true });
  expect(await shadows(stage)).toEqual([["tin", "stored", false, undefined]]);
  expect(await Promise.all(["tiny", "tinx"].map(stage.ask))).toEqual(["tiny:latest", "other:latest"]);
});

function storeOf(alias: string): string {
  return JSON.stringify({ version: 1, aliases: [{ alias, target: "other" }] });
}
