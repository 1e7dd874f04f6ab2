/** Routers that keep their aliases in the same file are told so, each in its log; nothing else comes of it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readdir, symlink } from "node:fs/promises";

import { folderOf } from "../support/folder.ts";
import { type Mellamo, mellamo } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";
import { aliasesOf, setAlias, storeTable } from "../support/store-calls.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const SHARED = /event="alias store shared"/;

/** Long enough for two that share a store to have met. */
const MEANWHILE_MS = 300;

function routerAt(store: string): Promise<Mellamo> {
  return mellamo(`${storeTable(store)}${NO_ENGINE}`);
}

/** Resolves when the log of one tells of the other. */
async function tells(one: Mellamo, other: Mellamo): Promise<void> {
  const line = await one.log.until(new RegExp(`${SHARED.source} .*with_pid=${other.pid} `));
  expect(line).toContain("level=warn");
  expect(line).toMatch(new RegExp(` with_url=${other.url} with_version=\\d+\\.\\d+\\.\\d+`));
}

/** How often the log of a router tells of any. */
function timesTold({ log }: Mellamo): number {
  return log.all.filter((line) => SHARED.test(line)).length;
}

test.concurrent("both are told of each other, whatever paths they know the file by", async () => {
  await using folder = await folderOf({ "real/server.json": '{"aliases":[]}' });
  await symlink("real", folder.at("linked"));
  await symlink("linked/server.json", folder.at("link.json"));
  await using first = await routerAt(folder.at("real/server.json"));
  await using second = await routerAt(folder.at("link.json"));
  await Promise.all([tells(first, second), tells(second, first)]);
  expect([timesTold(first), timesTold(second)]).toEqual([1, 1]);
  // neither keeps the other from anything, nor leaves anything behind
  expect((await setAlias(first, "a", "m")).status).toBe(200);
  expect((await setAlias(second, "b", "m")).status).toBe(200);
  expect(await aliasesOf(second)).toEqual({ a: "m", b: "m" });
  expect((await readdir(folder.at("real"))).sort()).toEqual(["server.json", "server.json.lock"]);
});

test.concurrent("one that was killed is there for nobody", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  const killed = await routerAt(folder.at("server.json"));
  await killed.end("SIGKILL");
  await using second = await routerAt(folder.at("server.json"));
  await using third = await routerAt(folder.at("server.json"));
  await Promise.all([tells(second, third), tells(third, second)]);
  expect([timesTold(second), timesTold(third)]).toEqual([1, 1]);
});

test.concurrent.each(["SIGKILL", "SIGTERM"] as const)(
  "when the first has ended by %s, those that are left go on learning of others",
  async (signal) => {
    await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
    await using first = await routerAt(folder.at("server.json"));
    await using second = await routerAt(folder.at("server.json"));
    await tells(second, first);
    await first.end(signal);
    await using third = await routerAt(folder.at("server.json"));
    await Promise.all([tells(second, third), tells(third, second)]);
  },
);

test.concurrent(
  "a file that comes later, in a folder that was not there, is shared from then on",
  async () => {
    await using folder = await folderOf();
    await using first = await routerAt(folder.at("later/server.json"));
    await using second = await routerAt(folder.at("later/server.json"));
    expect((await setAlias(first, "a", "m")).status).toBe(200);
    await Promise.all([tells(first, second), tells(second, first)]);
  },
);

test.concurrent("routers with files of their own are told nothing", async () => {
  await using folder = await folderOf({
    "a/server.json": '{"aliases":[]}',
    "b/server.json": '{"aliases":[]}',
  });
  await using first = await routerAt(folder.at("a/server.json"));
  await using second = await routerAt(folder.at("b/server.json"));
  await using third = await routerAt(folder.at("b/other.json"));
  await Bun.sleep(MEANWHILE_MS);
  expect([first, second, third].map(timesTold)).toEqual([0, 0, 0]);
});

test.concurrent("two that share a store end when they are told to, one after the other", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  await using first = await routerAt(folder.at("server.json"));
  await using second = await routerAt(folder.at("server.json"));
  await tells(first, second);
  expect([await first.end("SIGTERM"), await second.end("SIGTERM")]).toEqual([0, 0]);
});
