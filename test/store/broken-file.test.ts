/** A store that cannot be read stops nobody: the router says so, keeps its bytes, and serves on. */

import { expect, test } from "bun:test";
import { readdir, readFile, writeFile } from "node:fs/promises";

import { type RawBackend, rawBackend } from "../support/backend.ts";
import { eventually } from "../support/eventually.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { aliasesOf, setAlias, storeStatus, storeTable } from "../support/store-calls.ts";

const WHOLE = '{"version":1,"aliases":[{"alias":"a","target":"m"}]}';
const BROKEN = '{"version":1,"aliases":[{"alias":"a","target":"m"}';

function engine(): Promise<RawBackend> {
  return rawBackend(["m"], (talk) => talk.answer(200, '{"model":"m","done":true}'), "ollama");
}

function routerAt(folder: Folder, backend: RawBackend): Promise<Mellamo> {
  return routerOver({ engine: { url: backend.url, engine: "ollama" } }, storeTable(folder.at("server.json")));
}

async function chat(router: Mellamo, model: string): Promise<number> {
  const body = JSON.stringify({ model, messages: [], stream: false });
  return (await fetch(`${router.url}/api/chat`, { method: "POST", body })).status;
}

async function asideIn(folder: Folder): Promise<string[]> {
  const names = await readdir(folder.path);
  return names.filter((name) => name.startsWith("server.json.broken-")).map((name) => folder.at(name));
}

test("at the start it is set aside, told in the log and in the status, and aliases can be made anew", async () => {
  await using backend = await engine();
  await using folder = await folderOf({ "server.json": BROKEN });
  await using router = await routerAt(folder, backend);
  const [aside = ""] = await asideIn(folder);
  expect(await readFile(aside, "utf8")).toBe(BROKEN);
  const line = await router.log.until(/event="alias store"/);
  expect(line).toContain(`level=error event="alias store" path=${folder.at("server.json")} why=`);
  expect(line).toContain(aside);
  expect(await storeStatus(router)).toMatchObject({ aliases: 0, trouble: expect.stringContaining(aside) });

  expect(await chat(router, "m")).toBe(200);
  expect(await chat(router, "a")).toBe(404);
  expect((await setAlias(router, "b", "m")).status).toBe(200);
  expect(await chat(router, "b")).toBe(200);
  expect(await readFile(aside, "utf8")).toBe(BROKEN);
  // the owner has yet to look at it
  expect((await storeStatus(router)).trouble).toContain(aside);
});

test("a mistake of a hand while it runs keeps the aliases in force, and ends when it is mended", async () => {
  await using backend = await engine();
  await using folder = await folderOf({ "server.json": WHOLE });
  await using router = await routerAt(folder, backend);
  expect(await chat(router, "a")).toBe(200);
  await writeFile(folder.at("server.json"), BROKEN);
  expect(await router.log.until(/event="alias store"/)).toContain("it is no JSON");
  expect((await storeStatus(router)).trouble).toContain("it is no JSON");
  expect(await chat(router, "a")).toBe(200);
  expect(await aliasesOf(router)).toEqual({ a: "m" });
  // nor does a refusal do anything to it
  expect((await setAlias(router, "b", "b")).status).toBe(400);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe(BROKEN);

  await writeFile(folder.at("server.json"), WHOLE.replace('"a"', '"c"'));
  await eventually(
    () => aliasesOf(router),
    (aliases) => "c" in aliases,
  );
  expect(await chat(router, "c")).toBe(200);
  expect(await chat(router, "a")).toBe(404);
  expect((await storeStatus(router)).trouble).toBeNull();
  expect(await asideIn(folder)).toEqual([]);
});

test("an alias that is made meanwhile sets the broken file aside, and loses none in force", async () => {
  await using backend = await engine();
  await using folder = await folderOf({ "server.json": WHOLE });
  await using router = await routerAt(folder, backend);
  await writeFile(folder.at("server.json"), BROKEN);
  await router.log.until(/event="alias store"/);
  expect((await setAlias(router, "b", "m")).status).toBe(200);
  for (const name of ["a", "b"]) expect(await chat(router, name)).toBe(200);
  const [aside = ""] = await asideIn(folder);
  expect(await readFile(aside, "utf8")).toBe(BROKEN);
  expect(await router.log.until(/event="alias store" .*set aside/)).toContain(aside);
  expect(JSON.parse(await readFile(folder.at("server.json"), "utf8"))).toMatchObject({
    aliases: [{ alias: "a" }, { alias: "b" }],
  });
});

test("the layout of a later time is neither read nor written, and chat goes on", async () => {
  await using backend = await engine();
  const text = WHOLE.replace("1", "2");
  await using folder = await folderOf({ "server.json": text });
  await using router = await routerAt(folder, backend);
  expect(await router.log.until(/event="alias store"/)).toContain("unsupported router config version 2");
  const refused = await setAlias(router, "b", "m");
  expect(refused.status).toBe(503);
  expect(refused.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await refused.json()).toEqual({
    error: `the alias store ${folder.at("server.json")} cannot be changed: unsupported router config version 2`,
  });
  expect(await chat(router, "m")).toBe(200);
  expect(await chat(router, "a")).toBe(404);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe(text);
  expect(await asideIn(folder)).toEqual([]);
});
