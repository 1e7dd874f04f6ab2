/** A file that cannot or must not be replaced is left as it is, and nothing is left beside it. */

import { expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, symlink } from "node:fs/promises";

import { codeOf, fileTrouble } from "../../src/domain/failure.ts";
import { readWhole } from "../../src/files/read-file.ts";
import { behindLinks, replaceText } from "../../src/files/replace-file.ts";
import { folderOf } from "../support/folder.ts";

/** Why it did not work, for people. */
async function troubleOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "none",
    (failure: unknown) => fileTrouble(failure),
  );
}

test.each([0o444, 0o400, 0o555, 0o000])("with permissions %o it is read-only, for root too", async (mode) => {
  await using folder = await folderOf({ "server.json": "old" });
  await chmod(folder.at("server.json"), mode);
  expect(await troubleOf(replaceText(folder.at("server.json"), "new"))).toBe("it is read-only");
  await chmod(folder.at("server.json"), 0o600);
  expect(await readFile(folder.at("server.json"), "utf8")).toBe("old");
  expect(await readdir(folder.path)).toEqual(["server.json"]);
});

test("a folder in its place is neither read nor replaced", async () => {
  await using folder = await folderOf({ "server.json/inside": "" });
  expect(await troubleOf(replaceText(folder.at("server.json"), "new"))).toBe("it is a folder");
  expect(await troubleOf(readWhole(folder.at("server.json")))).toBe("it is a folder");
  expect(await readdir(folder.path)).toEqual(["server.json"]);
  expect(await readdir(folder.at("server.json"))).toEqual(["inside"]);
});

test("a file in the place of its folder is told", async () => {
  await using folder = await folderOf({ state: "a file" });
  expect(await troubleOf(replaceText(folder.at("state/server.json"), "new"))).toBe(
    "a part of its path is no folder",
  );
  expect(await troubleOf(readWhole(folder.at("state/server.json")))).toBe("a part of its path is no folder");
  expect(await readFile(folder.at("state"), "utf8")).toBe("a file");
});

test("a folder where the new file would be written first leaves the old one as it is", async () => {
  await using folder = await folderOf({ "server.json": "old", "server.json.new/inside": "" });
  expect(await troubleOf(replaceText(folder.at("server.json"), "new"))).not.toBe("none");
  expect(await readFile(folder.at("server.json"), "utf8")).toBe("old");
  expect(await readdir(folder.at("server.json.new"))).toEqual(["inside"]);
});

test("a name that is too long is told", async () => {
  await using folder = await folderOf();
  expect(await troubleOf(replaceText(folder.at("x".repeat(300)), "new"))).toBe("its path is too long");
  expect(await readdir(folder.path)).toEqual([]);
});

test("links that lead in a circle are told", async () => {
  await using folder = await folderOf();
  await symlink("b.json", folder.at("a.json"));
  await symlink("a.json", folder.at("b.json"));
  await symlink("self.json", folder.at("self.json"));
  for (const name of ["a.json", "self.json"]) {
    expect(await troubleOf(behindLinks(folder.at(name)))).toBe("its symbolic links lead in a circle");
    expect(await troubleOf(readWhole(folder.at(name)))).toBe("its symbolic links lead in a circle");
  }
});

test("what went wrong keeps its code, for programs", async () => {
  await using folder = await folderOf();
  await mkdir(folder.at("server.json"));
  expect(await replaceText(folder.at("server.json"), "").catch(codeOf)).toBe("EISDIR");
});
