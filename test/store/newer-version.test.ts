/** A store that a newer version has written is that version's: it is neither read nor touched, and nobody is kept from their models. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { ALIAS_PATHS, aliasList, setAliases } from "../support/alias-api.ts";
import { aliasFolder } from "../support/alias-folder.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { eventually } from "../support/eventually.ts";
import { storeStatus } from "../support/store-calls.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const NEWER = '{"version":2,"aliases":[{"alias":"fast","target":"tiny"}],"routes":{}}\n';
const OLDER = '{"version":1,"aliases":[{"alias":"fast","target":"other"}]}\n';
const WHY = "unsupported router config version 2";

/** Whatever a write of any kind would change. */
async function markOf(path: string): Promise<unknown> {
  const { ino, mtimeMs, ctimeMs, size, mode } = await stat(path);
  return [ino, mtimeMs, ctimeMs, size, mode, (await readdir(dirname(path))).filter(isOfUse)];
}

/** A lock is empty, and never taken away. */
function isOfUse(name: string): boolean {
  return !name.endsWith(".lock");
}

/** The lines of the log that tell of the store. */
function told({ router }: AliasStage): string[] {
  return router.log.all.filter((line) => line.includes('event="alias store"'));
}

async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.other`, text);
  await rename(`${path}.other`, path);
}

test("a router that finds one serves models without any stored alias, says so once, and leaves the file alone", async () => {
  await using stage = await aliasStage({ store: NEWER, toml: '[aliases]\nfiled = "tiny"' });
  const before = await markOf(stage.store);
  await stage.router.log.until(/event="alias store"/);
  expect(await stage.ask("tiny")).toBe("tiny:latest");
  expect(await stage.ask("filed")).toBe("tiny:latest");
  expect(await stage.ask("fast")).toStartWith("404 ");
  expect((await aliasList(stage)).map(({ alias }) => alias)).toEqual(["filed"]);
  expect(await storeStatus(stage)).toEqual({ path: stage.store, aliases: 0, trouble: WHY });
  expect(told(stage)).toEqual([
    expect.stringMatching(
      new RegExp(`level=error .* path=${stage.store} why="${WHY}" hint="serving without stored aliases"$`),
    ),
  ]);
  expect(await markOf(stage.store)).toEqual(before);
  expect(await stage.stored()).toBe(NEWER);
});

test("whoever would change an alias gets a 503 in Ollama's shape that says why, and the file stays as it is", async () => {
  await using stage = await aliasStage({ store: NEWER });
  const before = await markOf(stage.store);
  const calls: readonly (readonly [method: string, path: string, body: object])[] = [
    ...ALIAS_PATHS.map((path) => ["POST", path, { alias: "new", target: "tiny" }] as const),
    ...ALIAS_PATHS.map((path) => ["DELETE", path, { alias: "fast" }] as const),
    ["POST", "/api/copy", { source: "tiny", destination: "new" }],
  ];
  for (const [method, path, body] of calls) {
    const answer = await fetch(stage.url + path, { method, body: JSON.stringify(body) });
    expect([path, answer.status, answer.headers.get("content-type"), await answer.json()]).toEqual([
      path,
      503,
      "application/json; charset=utf-8",
      { error: `the alias store ${stage.store} cannot be changed: ${WHY}` },
    ]);
  }
  expect(await markOf(stage.store)).toEqual(before);
});

test("one that comes while a router runs, as an upgrade beside it leaves it, breaks nobody's names; one that goes is followed", async () => {
  await using stage = await aliasStage({ store: OLDER });
  await setAliases(stage, { alias: "mine", target: "tiny" });
  for (const appearances of [1, 2]) {
    await replace(stage.store, NEWER);
    await eventually(
      () => told(stage).filter((line) => line.includes(WHY)).length,
      (count) => count === appearances,
    );
    // what the older file said goes on, the newer one says nothing
    expect(await stage.ask("mine")).toBe("tiny:latest");
    expect(await stage.ask("fast")).toBe("other:latest");
    const refused = await fetch(`${stage.url}/api/aliases`, { method: "DELETE", body: '{"alias":"mine"}' });
    expect(refused.status).toBe(503);
    // a change of a file of theirs is no news
    await replace(stage.store, NEWER.replace("fast", "faster"));
    await Bun.sleep(300);
    expect(await stage.stored()).toContain("faster");

    await replace(stage.store, OLDER.replace("fast", "back"));
    await eventually(
      () => storeStatus(stage),
      ({ trouble }) => trouble === null,
    );
    expect(await stage.ask("back")).toBe("other:latest");
    expect(await stage.ask("mine")).toStartWith("404 ");
    await replace(stage.store, OLDER);
    await setAliases(stage, { alias: "mine", target: "tiny" });
  }
  expect(told(stage).filter((line) => line.includes(WHY))).toHaveLength(2);
});

test.concurrent.each([
  ["set", ["set", "new", "tiny"]],
  ["rm", ["rm", "fast"]],
])("without a router, mellamo alias %s refuses, too", async (_, args) => {
  await using here = await aliasFolder("in the file", "", NEWER);
  const before = await markOf(here.store);
  expect(await here.alias(...args)).toEqual({
    status: 1,
    out: "",
    err: `the alias store ${here.store} cannot be changed: ${WHY}\n`,
  });
  expect(await markOf(here.store)).toEqual(before);
  expect(await here.stored()).toBe(NEWER);
});

test.concurrent("without a router, mellamo alias lists none of it, and tells why", async () => {
  await using here = await aliasFolder("in the file", '[aliases]\nfiled = "tiny"\n', NEWER);
  const { status, out, err } = await here.alias("--json");
  expect([status, (JSON.parse(out) as { alias: string }[]).map(({ alias }) => alias)]).toEqual([
    0,
    ["filed"],
  ]);
  expect(err).toContain(`warning: ${here.store}: ${WHY}\n`);
});
