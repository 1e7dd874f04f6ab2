/** What other programs do to the store's file is in force a moment later, without a restart or a call. */

import { expect, test } from "bun:test";
import { rename, rm, symlink, truncate, writeFile } from "node:fs/promises";

import { eventually } from "../support/eventually.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { aliasesOf, setAlias, storeStatus, storeTable } from "../support/store-calls.ts";

const OLD = store({ a: "m" });

function store(aliases: Readonly<Record<string, string>>): string {
  const entries = Object.entries(aliases).map(([alias, target]) => ({ alias, target }));
  return JSON.stringify({ version: 1, aliases: entries });
}

function routerAt(path: string): Promise<Mellamo> {
  return mellamo(`${storeTable(path)}${NO_ENGINE}`);
}

/** Resolves when these aliases are in force. */
async function inForce(router: Mellamo, aliases: Readonly<Record<string, string>>): Promise<void> {
  await eventually(
    () => aliasesOf(router),
    (seen) => Bun.deepEquals(seen, aliases),
  );
}

async function replaced(folder: Folder, text: string): Promise<void> {
  await writeFile(folder.at("server.json.other"), text);
  await rename(folder.at("server.json.other"), folder.at("server.json"));
}

test("replaced, written in place, deleted, and made anew: the router follows each", async () => {
  await using folder = await folderOf({ "server.json": OLD });
  await using router = await routerAt(folder.at("server.json"));
  await inForce(router, { a: "m" });
  await replaced(folder, store({ a: "m", b: "n" }));
  await inForce(router, { a: "m", b: "n" });
  await writeFile(folder.at("server.json"), store({ b: "o" }));
  await inForce(router, { b: "o" });
  // twice in a row, as careful programs do
  await replaced(folder, store({ c: "p" }));
  await replaced(folder, store({ c: "q" }));
  await inForce(router, { c: "q" });
  await rm(folder.at("server.json"));
  await inForce(router, {});
  await writeFile(folder.at("server.json"), store({ d: "m" }));
  await inForce(router, { d: "m" });
  expect(await storeStatus(router)).toEqual({ path: folder.at("server.json"), aliases: 1, trouble: null });
});

test("a file that comes while it runs, in a folder that was not there, is seen", async () => {
  await using folder = await folderOf();
  await using router = await routerAt(folder.at("later/server.json"));
  await inForce(router, {});
  await Bun.write(folder.at("later/server.json"), OLD);
  await inForce(router, { a: "m" });
});

test("an emptied file changes nothing, and the next change writes it whole again", async () => {
  await using folder = await folderOf({ "server.json": OLD });
  await using router = await routerAt(folder.at("server.json"));
  await truncate(folder.at("server.json"));
  await router.log.until(/event="alias store" .*no JSON/);
  expect(await aliasesOf(router)).toEqual({ a: "m" });
  expect((await setAlias(router, "b", "m")).status).toBe(200);
  expect(JSON.parse(await Bun.file(folder.at("server.json")).text())).toEqual(
    JSON.parse(store({ a: "m", b: "m" })),
  );
  expect(await storeStatus(router)).toMatchObject({ aliases: 2, trouble: null });
});

test("a link that is turned to another file is followed, and the next change goes there", async () => {
  await using folder = await folderOf({ "one.json": OLD, "two.json": store({ b: "n" }) });
  await symlink("one.json", folder.at("server.json"));
  await using router = await routerAt(folder.at("server.json"));
  await inForce(router, { a: "m" });
  await symlink("two.json", folder.at("turned"));
  await rename(folder.at("turned"), folder.at("server.json"));
  await inForce(router, { b: "n" });
  expect((await setAlias(router, "c", "m")).status).toBe(200);
  expect(JSON.parse(await Bun.file(folder.at("two.json")).text())).toMatchObject({
    aliases: [{ alias: "b" }, { alias: "c" }],
  });
  expect(await Bun.file(folder.at("one.json")).text()).toBe(OLD);
});

test("of two routers that share a store, one has a moment later what the other was told", async () => {
  await using folder = await folderOf();
  await using left = await routerAt(folder.at("server.json"));
  await using right = await routerAt(folder.at("server.json"));
  expect((await setAlias(left, "a", "m")).status).toBe(200);
  expect((await setAlias(right, "b", "m")).status).toBe(200);
  // whoever changes it knows at once what was there before
  expect(await aliasesOf(right)).toEqual({ a: "m", b: "m" });
  await inForce(left, { a: "m", b: "m" });
});
