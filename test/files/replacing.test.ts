/** A file is replaced as a whole, and stays what it was to everybody else: its owner, its permissions, its place. */

import { expect, test } from "bun:test";
import { chmod, chown, mkdir, open, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";

import { readWhole } from "../../src/files/read-file.ts";
import { behindLinks, replaceText } from "../../src/files/replace-file.ts";
import { folderOf } from "../support/folder.ts";

const IS_ROOT = process.getuid?.() === 0;

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8);
}

test("a new file is its owner's alone, and so are the folders that are made for it", async () => {
  await using folder = await folderOf();
  const path = folder.at("a/b/server.json");
  await replaceText(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await modeOf(path)).toBe("600");
  expect([await modeOf(folder.at("a")), await modeOf(folder.at("a/b"))]).toEqual(["700", "700"]);
});

test("a new file that is public may be read by everybody, whatever the umask says", async () => {
  await using folder = await folderOf();
  const before = process.umask(0o077);
  try {
    await replaceText(folder.at("config.toml"), "new", { isPublic: true });
  } finally {
    process.umask(before);
  }
  expect(await modeOf(folder.at("config.toml"))).toBe("644");
});

test.each([0o600, 0o644, 0o660, 0o666, 0o755, 0o2640])("permissions %o stay", async (mode) => {
  await using folder = await folderOf({ "server.json": "old" });
  await chmod(folder.at("server.json"), mode);
  await replaceText(folder.at("server.json"), "new");
  expect(await readFile(folder.at("server.json"), "utf8")).toBe("new");
  expect(await modeOf(folder.at("server.json"))).toBe(mode.toString(8));
});

test.skipIf(!IS_ROOT)("its owner and group stay, though root replaces it", async () => {
  await using folder = await folderOf({ "server.json": "old" });
  await chown(folder.at("server.json"), 12_345, 23_456);
  await chmod(folder.at("server.json"), 0o640);
  await replaceText(folder.at("server.json"), "new");
  expect(await stat(folder.at("server.json"))).toMatchObject({ uid: 12_345, gid: 23_456 });
  expect(await modeOf(folder.at("server.json"))).toBe("640");
});

test("whoever has the old file open goes on reading that, whole", async () => {
  await using folder = await folderOf({ "server.json": "old".repeat(10_000) });
  const reader = await open(folder.at("server.json"));
  await replaceText(folder.at("server.json"), "new");
  expect(await reader.readFile("utf8")).toBe("old".repeat(10_000));
  await reader.close();
});

test("what a crash has left beside it is no obstacle, and is gone afterwards", async () => {
  await using folder = await folderOf({ "server.json": "old", "server.json.new": "half of somethi" });
  await chmod(folder.at("server.json.new"), 0o444);
  await replaceText(folder.at("server.json"), "new");
  expect(await readdir(folder.path)).toEqual(["server.json"]);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe("new");
});

test.each(["", "é模型🦙 \u0000 \u2028", "x".repeat(1_000_000)])(
  "a text is read as it was written",
  async (text) => {
    await using folder = await folderOf();
    await replaceText(folder.at("server.json"), text);
    expect(Buffer.from((await readWhole(folder.at("server.json"))) ?? []).toString()).toBe(text);
  },
);

test("where there is no file, there is no text", async () => {
  await using folder = await folderOf();
  expect(await readWhole(folder.at("server.json"))).toBeUndefined();
  expect(await readWhole(folder.at("a/b/c"))).toBeUndefined();
});

test("a chain of links leads to the file at its end, whether it is there or not", async () => {
  await using folder = await folderOf({ "far/away/server.json": "old" });
  await mkdir(folder.at("near"));
  await symlink("../middle.json", folder.at("near/server.json"));
  await symlink(folder.at("far/link.json"), folder.at("middle.json"));
  await symlink("away/server.json", folder.at("far/link.json"));
  const end = folder.at("far/away/server.json");
  expect(await behindLinks(folder.at("near/server.json"))).toBe(end);
  await Bun.file(end).delete();
  expect(await behindLinks(folder.at("near/server.json"))).toBe(end);
  expect(await behindLinks(folder.at("near/none.json"))).toBe(folder.at("near/none.json"));
});

test.each([true, false])(
  "a link that goes up from behind another link goes up there (dangling: %p)",
  async (dangling) => {
    await using folder = await folderOf(
      dangling ? { "deep/in/x": "" } : { "deep/in/x": "", "deep/server.json": "old" },
    );
    // "up" from "short" is "deep", not the folder that "short" stands in
    await symlink(folder.at("deep/in"), folder.at("short"));
    await symlink("../server.json", folder.at("deep/in/server.json"));
    const end = await behindLinks(folder.at("short/server.json"));
    await replaceText(end, "new");
    expect(await readFile(folder.at("deep/server.json"), "utf8")).toBe("new");
    expect((await readdir(folder.path)).sort()).toEqual(["deep", "short"]);
  },
);

test("a file that is swapped by a link to its folder, as in a ConfigMap, is the one behind that", async () => {
  await using folder = await folderOf({ "..v1/server.json": "one", "..v2/server.json": "two" });
  await symlink("..v2", folder.at("..data"));
  await symlink("..data/server.json", folder.at("server.json"));
  await writeFile(await behindLinks(folder.at("server.json")), "three");
  expect(await readFile(folder.at("..v2/server.json"), "utf8")).toBe("three");
});
