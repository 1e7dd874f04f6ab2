/** Other programs take no lock: what they did to the file is read before each change, so that it is not undone. */

import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { readFile, rename, rm, truncate, writeFile } from "node:fs/promises";

import { FileStore } from "../../src/store/file-store.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { foreignTop } from "../support/store-text.ts";

const OURS = { alias: "ours", target: "m" } as const;
const THEIRS = { alias: "theirs", target: "m" } as const;
const NEW = { alias: "new", target: "m" } as const;

async function storeWithOurs(folder: Folder): Promise<FileStore> {
  await writeFile(folder.at("server.json"), JSON.stringify({ version: 1, aliases: [OURS], cloud: false }));
  const store = new FileStore(folder.at("server.json"));
  await store.load();
  return store;
}

async function aliasesIn(folder: Folder): Promise<unknown> {
  return (JSON.parse(await readFile(folder.at("server.json"), "utf8")) as { aliases: unknown }).aliases;
}

const THEIR_TEXT = JSON.stringify({ aliases: [OURS, THEIRS], n: 7, cloud: true }).replace(
  "7",
  "9007199254740993",
);

test.each([
  [
    "replaced",
    async (folder: Folder) => {
      await writeFile(folder.at("tmp"), THEIR_TEXT);
      await rename(folder.at("tmp"), folder.at("server.json"));
    },
  ],
  ["written in place", (folder: Folder) => writeFile(folder.at("server.json"), THEIR_TEXT)],
  [
    "deleted and made anew",
    async (folder: Folder) => {
      await rm(folder.at("server.json"));
      await writeFile(folder.at("server.json"), THEIR_TEXT);
    },
  ],
] as const)(
  "a file that was %s keeps what it holds now, and gets the change on top",
  async (_, theirDeed) => {
    await using folder = await folderOf();
    const store = await storeWithOurs(folder);
    await theirDeed(folder);
    await store.change((entries) => {
      expect(entries).toEqual([OURS, THEIRS]);
      return { set: NEW };
    });
    expect(store.entries).toEqual([NEW, OURS, THEIRS]);
    expect(await aliasesIn(folder)).toEqual([OURS, THEIRS, NEW]);
    expect(foreignTop(await readFile(folder.at("server.json"), "utf8"))).toBe(
      '{"cloud":true,"n":9007199254740993}',
    );
  },
);

test("a refused change, too, takes in what others wrote", async () => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await writeFile(folder.at("server.json"), THEIR_TEXT);
  await store.change(() => ({ problem: "bad request", text: "no" }));
  expect(store.entries).toEqual([OURS, THEIRS]);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe(THEIR_TEXT);
});

test("where the file was deleted, its aliases are gone, and a change begins a new one", async () => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await rm(folder.at("server.json"));
  expect(await store.change(() => ({ set: NEW }))).toEqual({ set: NEW });
  expect(store.entries).toEqual([NEW]);
  expect(await aliasesIn(folder)).toEqual([NEW]);
});

test.each(["", " \n"])(
  "a file that was emptied to %j is half of a save: what was in force stays, with what stood beside it",
  async (rest) => {
    await using folder = await folderOf();
    const store = await storeWithOurs(folder);
    await writeFile(folder.at("server.json"), rest);
    await store.load();
    expect(store.entries).toEqual([OURS]);
    expect(store.trouble).toContain("it is no JSON");
    await store.change(() => ({ set: NEW }));
    expect(await aliasesIn(folder)).toEqual([OURS, NEW]);
    expect(foreignTop(await readFile(folder.at("server.json"), "utf8"))).toBe('{"cloud":false}');
    expect(store.trouble).toBeUndefined();
  },
);

test.each([
  ["emptied", (path: string) => truncate(path)],
  ["half written", (path: string) => writeFile(path, THEIR_TEXT.slice(0, 30))],
  ["away", (path: string) => rm(path)],
] as const)("a file that is %s for a moment is waited for", async (_, begin) => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await begin(folder.at("server.json"));
  const change = store.change(() => ({ set: NEW }));
  // the store has looked by then, and will look again
  await Bun.sleep(20);
  await writeFile(folder.at("server.json"), THEIR_TEXT);
  expect(await change).toEqual({ set: NEW });
  expect(await aliasesIn(folder)).toEqual([OURS, THEIRS, NEW]);
});

test("what somebody saves between the look and the save is not lost", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  const store = new FileStore(folder.at("server.json"));
  const seen: number[] = [];
  const change = await store.change((entries) => {
    seen.push(entries.length);
    // another program takes no lock
    if (seen.length === 1)
      writeFileSync(folder.at("server.json"), '{"aliases":[{"alias":"theirs","target":"m"}],"beat":1}');
    return { set: { alias: "ours", target: "m" } };
  });
  expect(change).toHaveProperty("set");
  expect(seen).toEqual([0, 1]);
  expect(JSON.parse(await readFile(folder.at("server.json"), "utf8"))).toMatchObject({
    beat: 1,
    aliases: [{ alias: "theirs" }, { alias: "ours" }],
  });
});

test("a file that never stays as it is cannot be changed, and is told of", async () => {
  await using folder = await folderOf({ "server.json": '{"aliases":[]}' });
  const store = new FileStore(folder.at("server.json"));
  let beat = 0;
  const change = await store.change(() => {
    writeFileSync(folder.at("server.json"), JSON.stringify({ aliases: [], beat: ++beat }));
    return { set: { alias: "ours", target: "m" } };
  });
  expect(change).toMatchObject({
    problem: "unsaved",
    text: expect.stringContaining("another program keeps changing it") as string,
  });
  expect(beat).toBeGreaterThan(1);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe(`{"aliases":[],"beat":${beat}}`);
});
