/** A store that cannot be written: each change is refused in Ollama's shape with the reason, and nothing is different. */

import { expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink } from "node:fs/promises";

import { type Folder, folderOf } from "../support/folder.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { CAN_MOUNT, mountedFile } from "../support/mounts.ts";
import { NO_ENGINE } from "../support/over.ts";
import { aliasesOf, removeAlias, setAlias, storeStatus, storeTable } from "../support/store-calls.ts";

const WHOLE = '{"version":1,"aliases":[{"alias":"a","target":"m"}]}';

function routerAt(folder: Folder, through: readonly string[] = []): Promise<Mellamo> {
  return mellamo(`${storeTable(folder.at("server.json"))}${NO_ENGINE}`, { through });
}

async function expectRefused(router: Mellamo, why: string): Promise<void> {
  for (const response of [await setAlias(router, "b", "m"), await setAlias(router, "c", "m")]) {
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const { path } = await storeStatus(router);
    expect(await response.json()).toEqual({ error: `the alias store ${path} cannot be changed: ${why}` });
  }
}

test("a read-only file is left as it is, and written once that is allowed", async () => {
  await using folder = await folderOf({ "server.json": WHOLE });
  await chmod(folder.at("server.json"), 0o444);
  await using router = await routerAt(folder);
  await expectRefused(router, "it is read-only");
  expect((await removeAlias(router, "a")).status).toBe(500);
  // what is refused anyway is refused as ever
  expect((await removeAlias(router, "b")).status).toBe(404);
  expect((await setAlias(router, "b", "b")).status).toBe(400);
  expect(await aliasesOf(router)).toEqual({ a: "m" });
  expect(await readFile(folder.at("server.json"), "utf8")).toBe(WHOLE);
  await chmod(folder.at("server.json"), 0o644);
  expect((await setAlias(router, "b", "m")).status).toBe(200);
  expect(await aliasesOf(router)).toEqual({ a: "m", b: "m" });
});

test("a folder in its place is told at the start and at each change, and the router serves", async () => {
  await using folder = await folderOf({ "server.json/mine": "" });
  await using router = await routerAt(folder);
  expect(await router.log.until(/event="alias store"/)).toContain("it is a folder");
  expect((await storeStatus(router)).trouble).toContain("it is a folder");
  await expectRefused(router, "it is a folder");
  expect(await aliasesOf(router)).toEqual({});
  expect(await readdir(folder.at("server.json"))).toEqual(["mine"]);
  await rm(folder.at("server.json"), { recursive: true });
  expect((await setAlias(router, "b", "m")).status).toBe(200);
  expect((await storeStatus(router)).trouble).toBeNull();
});

// nor would a device be replaced, which whoever wants nothing kept may name here
test.skipIf(process.platform === "win32")(
  "a pipe in its place is neither waited for nor replaced",
  async () => {
    await using folder = await folderOf();
    expect(Bun.spawnSync(["mkfifo", folder.at("server.json")]).success).toBe(true);
    await using router = await routerAt(folder);
    expect(await router.log.until(/event="alias store"/)).toContain("it is no ordinary file");
    await expectRefused(router, "it is no ordinary file");
    expect((await stat(folder.at("server.json"))).isFIFO()).toBe(true);
  },
);

test("links that lead in a circle are told", async () => {
  await using folder = await folderOf();
  await symlink("server.json", folder.at("server.json"));
  await using router = await routerAt(folder);
  expect(await router.log.until(/event="alias store"/)).toContain("lead in a circle");
  await expectRefused(router, "its symbolic links lead in a circle");
});

test("a folder that is a file is told", async () => {
  await using folder = await folderOf({ state: "mine" });
  await using router = await mellamo(`${storeTable(folder.at("state/server.json"))}${NO_ENGINE}`);
  await expectRefused(router, "a part of its path is no folder");
  expect(await readFile(folder.at("state"), "utf8")).toBe("mine");
});

test("a folder that went away is made anew", async () => {
  await using folder = await folderOf({ "state/server.json": WHOLE });
  await using router = await mellamo(`${storeTable(folder.at("state/server.json"))}${NO_ENGINE}`);
  await rm(folder.at("state"), { recursive: true });
  expect((await setAlias(router, "b", "m")).status).toBe(200);
  expect(await aliasesOf(router)).toEqual({ b: "m" });
  expect(await readdir(folder.at("state"))).toContain("server.json");
});

test.skipIf(!CAN_MOUNT)(
  "a file that is mounted by itself cannot be replaced: what would help is told",
  async () => {
    await using folder = await folderOf({ "server.json": WHOLE });
    await using router = await routerAt(folder, mountedFile(folder.at("server.json")));
    await expectRefused(router, "it is in use, or mounted by itself: mount its folder instead");
    expect(await aliasesOf(router)).toEqual({ a: "m" });
    expect(await readFile(folder.at("server.json"), "utf8")).toBe(WHOLE);
    expect((await readdir(folder.path)).sort()).toEqual(["server.json", "server.json.lock"]);
  },
);

test("a store that cannot be had is no reason not to start", async () => {
  await using folder = await folderOf();
  await mkdir(folder.at("server.json"));
  await using router = await routerAt(folder);
  expect((await fetch(`${router.url}/healthz`)).status).toBe(200);
});
