/** The store in a file: what a change resolves to is in force, in the file and known to those who asked, or nothing is. */

import { expect, test } from "bun:test";
import { readdir, readFile, stat } from "node:fs/promises";

import type { Change } from "../../src/domain/amendment.ts";
import type { Problem } from "../../src/domain/problem.ts";
import { FileStore } from "../../src/store/file-store.ts";
import { folderOf } from "../support/folder.ts";
import { stateOf } from "../support/store-state.ts";
import { entriesIn } from "../support/store-text.ts";

const A = { alias: "a", target: "m" } as const;
const B = { alias: "b", target: "m" } as const;
const NO: Problem = { problem: "bad request", text: "no" };

async function opened(path: string): Promise<FileStore> {
  const store = new FileStore(path);
  await store.load();
  return store;
}

test("without a file there are no aliases, and asking makes no file", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  expect(stateOf(store)).toMatchObject({ entries: [], trouble: undefined, place: folder.at("server.json") });
  expect(await readdir(folder.path)).toEqual([]);
});

test("a change is in force and in the file, and another store that opens it has it", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  expect(await store.change(() => ({ set: B }))).toEqual({ set: B });
  expect(await store.change(() => ({ set: A }))).toEqual({ set: A });
  expect(store.entries).toEqual([A, B]);
  expect((await opened(folder.at("server.json"))).entries).toEqual([A, B]);
  expect(await store.change(() => ({ remove: B }))).toEqual({ remove: B });
  expect(store.entries).toEqual([A]);
  expect(entriesIn(await readFile(folder.at("server.json"), "utf8"))).toEqual([A]);
});

test("a refused change changes nothing, and makes no file", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  let heard = 0;
  store.subscribe(() => heard++);
  expect(await store.change(() => NO)).toEqual(NO);
  expect(await readdir(folder.path)).not.toContain("server.json");
  expect(heard).toBe(0);
});

test("a change that changes nothing leaves the very file", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  await store.change(() => ({ set: A }));
  const before = await stat(folder.at("server.json"), { bigint: true });
  await store.change(() => ({ set: A }));
  const after = await stat(folder.at("server.json"), { bigint: true });
  expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
});

test("after the last change there is the file and its lock, and nothing else", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  for (let index = 0; index < 20; index++) await store.change(() => ({ set: { ...A, target: `m${index}` } }));
  expect((await readdir(folder.path)).sort()).toEqual(["server.json", "server.json.lock"]);
});

test("changes made at the same time take turns: each decides on what the one before left", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  const counting = (entries: FileStore["entries"]): Change => ({
    set: { ...A, alias: `a${entries.length}` },
  });
  await Promise.all(Array.from({ length: 50 }, () => store.change(counting)));
  expect(store.entries.map(({ alias }) => alias).sort()).toEqual(
    Array.from({ length: 50 }, (_, index) => `a${index}`).sort(),
  );
});

test("two stores of one process on one file lose nothing", async () => {
  await using folder = await folderOf();
  const stores = [await opened(folder.at("server.json")), await opened(folder.at("server.json"))];
  const names = Array.from({ length: 40 }, (_, index) => `a${index}`);
  const changes = names.map((alias, index) => stores[index % 2]?.change(() => ({ set: { ...A, alias } })));
  expect((await Promise.all(changes)).filter((one) => one === undefined || "problem" in one)).toEqual([]);
  const written = entriesIn(await readFile(folder.at("server.json"), "utf8"));
  expect(written.map(({ alias }) => alias)).toEqual(names.sort());
});

test("subscribers hear of each change once, until they leave", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  const heard: number[] = [];
  const leave = store.subscribe(() => heard.push(store.entries.length));
  await store.change(() => ({ set: A }));
  await store.load();
  await store.change(() => ({ set: A }));
  await store.change(() => ({ set: B }));
  leave();
  await store.change(() => ({ remove: A }));
  expect(heard).toEqual([1, 2]);
});

test("a decision that fails is a problem, and the next change is none the worse", async () => {
  await using folder = await folderOf();
  const store = await opened(folder.at("server.json"));
  const failed = await store.change(() => {
    throw new RangeError("a bug");
  });
  expect(failed).toMatchObject({ problem: "unsaved" });
  expect(await store.change(() => ({ set: A }))).toEqual({ set: A });
});

test("entries without effect are told, and that is over when they are gone", async () => {
  await using folder = await folderOf({
    "server.json": '{"aliases":[{"alias":"a"},7,{"alias":"b","target":"m"}]}',
  });
  const store = await opened(folder.at("server.json"));
  expect(store.entries).toEqual([B]);
  expect(store.trouble).toBe("entries that cannot be read, and have no effect: 2");
  await Bun.write(folder.at("server.json"), JSON.stringify({ aliases: [B] }));
  await store.load();
  expect(store.trouble).toBeUndefined();
});
