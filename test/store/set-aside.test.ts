/** A file that is no store is never overwritten: its bytes are kept beside it, and what was in force stays in force. */

import { expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";

import { FileStore } from "../../src/store/file-store.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { stateOf } from "../support/store-state.ts";
import { entriesIn } from "../support/store-text.ts";

const OURS = { alias: "ours", target: "m" } as const;
const NEW = { alias: "new", target: "m" } as const;

const BROKEN: readonly (readonly [string, Uint8Array])[] = [
  ["a typo", Buffer.from('{"version":1,"aliases":[{"alias":"ours","target":"m"},]}')],
  ["a list", Buffer.from('[{"alias":"ours","target":"m"}]')],
  ["aliases that are no list", Buffer.from('{"aliases":{"ours":"m"}}')],
  ["zeros, as a power cut leaves them", Buffer.alloc(100)],
  ["UTF-16, as some editors save it", Buffer.from('\ufeff{"aliases":[]}', "utf16le")],
  ["Latin-1", Buffer.from('{"aliases":[],"note":"h\u00e9"}', "latin1")],
];

async function storeWithOurs(folder: Folder): Promise<FileStore> {
  await writeFile(folder.at("server.json"), JSON.stringify({ aliases: [OURS], mine: 1 }));
  const store = new FileStore(folder.at("server.json"));
  await store.load();
  return store;
}

/** The files that were set aside. */
async function asideIn(folder: Folder): Promise<string[]> {
  return (await readdir(folder.path)).filter((name) => name.startsWith("server.json.broken-"));
}

test.each(BROKEN)("at the start, %s is set aside", async (_, bytes) => {
  await using folder = await folderOf();
  await writeFile(folder.at("server.json"), bytes);
  const store = new FileStore(folder.at("server.json"));
  await store.load();
  expect(store.trouble).toMatch(/it is no|are no list/);
  await store.setAside();
  const [aside = "", ...others] = await asideIn(folder);
  expect(others).toEqual([]);
  expect(await readFile(folder.at(aside))).toEqual(Buffer.from(bytes));
  expect(stateOf(store)).toMatchObject({ entries: [], trouble: expect.stringContaining(folder.at(aside)) });
  expect(await store.change(() => ({ set: NEW }))).toEqual({ set: NEW });
  expect(await asideIn(folder)).toEqual([aside]);
});

test.each(BROKEN)("while it runs, %s stays where it is until something is saved", async (_, bytes) => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await writeFile(folder.at("server.json"), bytes);
  await store.load();
  expect(store.entries).toEqual([OURS]);
  expect(store.trouble).toMatch(/it is no|are no list/);
  expect(await asideIn(folder)).toEqual([]);

  expect(await store.change(() => ({ set: NEW }))).toEqual({ set: NEW });
  const [aside = "", ...others] = await asideIn(folder);
  expect(others).toEqual([]);
  expect(await readFile(folder.at(aside))).toEqual(Buffer.from(bytes));
  expect(stateOf(store)).toMatchObject({
    entries: [NEW, OURS],
    trouble: expect.stringContaining(folder.at(aside)),
  });
  const text = await readFile(folder.at("server.json"), "utf8");
  expect(JSON.parse(text)).toEqual({ version: 1, aliases: [OURS, NEW], mine: 1 });
});

test("a change that is refused sets nothing aside, so that the editor can go on", async () => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await writeFile(folder.at("server.json"), "{ oops");
  await store.change(() => ({ problem: "bad request", text: "no" }));
  expect(store.trouble).toContain("it is no JSON");
  expect(await readFile(folder.at("server.json"), "utf8")).toBe("{ oops");
  await store.load();
  expect(store.entries).toEqual([OURS]);
  expect(store.trouble).toContain("it is no JSON");
});

test("a change that cannot be saved sets nothing aside", async () => {
  await using folder = await folderOf({ "server.json.new/obstacle": "" });
  const store = await storeWithOurs(folder);
  await writeFile(folder.at("server.json"), "{ oops");
  expect(await store.change(() => ({ set: NEW }))).toMatchObject({ problem: "unsaved" });
  expect(await asideIn(folder)).toEqual([]);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe("{ oops");
  expect(store.entries).toEqual([OURS]);
});

test("the mended file is in force again, also as it was before, and nothing was set aside", async () => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  const before = await readFile(folder.at("server.json"), "utf8");
  await writeFile(folder.at("server.json"), "{ oops");
  await store.load();
  await writeFile(folder.at("server.json"), before);
  await store.load();
  expect(stateOf(store)).toMatchObject({ entries: [OURS], trouble: undefined });
  await writeFile(folder.at("server.json"), "{ oops");
  await store.load();
  await writeFile(folder.at("server.json"), JSON.stringify({ aliases: [NEW] }));
  await store.load();
  expect(stateOf(store)).toMatchObject({ entries: [NEW], trouble: undefined });
  expect(await asideIn(folder)).toEqual([]);
});

test("what was set aside keeps its permissions, and the new file has them", async () => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await writeFile(folder.at("server.json"), "{ oops");
  await chmod(folder.at("server.json"), 0o640);
  await store.change(() => ({ set: NEW }));
  for (const name of ["server.json", ...(await asideIn(folder))])
    expect((await stat(folder.at(name))).mode & 0o777).toBe(0o640);
});

test.each(['{"version":2,"aliases":[],"routes":{}}', '{"version":"next"}'])(
  "the layout of another time, %s, is neither overwritten nor set aside",
  async (text) => {
    await using folder = await folderOf();
    const store = await storeWithOurs(folder);
    await writeFile(folder.at("server.json"), text);
    await store.load();
    await store.setAside();
    const change = await store.change(() => ({ set: NEW }));
    expect(change).toMatchObject({
      problem: "foreign store",
      text: expect.stringContaining("unsupported router config version"),
    });
    expect(stateOf(store)).toMatchObject({
      entries: [OURS],
      trouble: expect.stringContaining("unsupported"),
    });
    expect(await readFile(folder.at("server.json"), "utf8")).toBe(text);
    expect(await asideIn(folder)).toEqual([]);
  },
);

test("a folder in the place of the file is a trouble that ends with it", async () => {
  await using folder = await folderOf();
  const store = await storeWithOurs(folder);
  await rm(folder.at("server.json"));
  await mkdir(folder.at("server.json"));
  await store.load();
  await store.setAside();
  expect(store.entries).toEqual([OURS]);
  expect(store.trouble).toContain("it is a folder");
  expect(await store.change(() => ({ set: NEW }))).toMatchObject({ problem: "unsaved" });
  await rm(folder.at("server.json"), { recursive: true });
  await writeFile(folder.at("server.json"), JSON.stringify({ aliases: [OURS] }));
  expect(await store.change(() => ({ set: NEW }))).toEqual({ set: NEW });
  expect(store.trouble).toBeUndefined();
  expect(entriesIn(await readFile(folder.at("server.json"), "utf8"))).toEqual([NEW, OURS]);
});
