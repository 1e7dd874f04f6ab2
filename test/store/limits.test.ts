/** What could not be read back is not saved, and what others nest without end is left to them. */

import { expect, test } from "bun:test";
import { readdir, readFile, writeFile } from "node:fs/promises";

import { FileStore } from "../../src/store/file-store.ts";
import { folderOf } from "../support/folder.ts";

const SMALL = { alias: "small", target: "m" } as const;

/** An entry of some megabytes. */
function large(index: number) {
  const targets = Array.from({ length: 999 }, (_, target) => `${target}-${"x".repeat(4000)}`);
  return { alias: `large${index}`, target: targets[0] ?? "", targets };
}

test("a store that would become too large refuses more, keeps what it has, and lets anything go", async () => {
  await using folder = await folderOf();
  const store = new FileStore(folder.at("server.json"));
  await store.change(() => ({ set: SMALL }));
  let kept = 0;
  for (;;) {
    const change = await store.change(() => ({ set: large(kept) }));
    if ("problem" in change) {
      expect(change).toMatchObject({ problem: "unsaved", text: expect.stringContaining("too large") });
      break;
    }
    kept++;
  }
  expect(kept).toBeWithin(1, 10);
  const again = new FileStore(folder.at("server.json"));
  await again.load();
  expect([again.entries.length, again.trouble]).toEqual([kept + 1, undefined]);
  expect(await again.change(() => ({ remove: large(0) }))).toMatchObject({ remove: { alias: "large0" } });
  expect(await again.change(() => ({ set: { ...SMALL, target: "n" } }))).toHaveProperty("set");
}, 30_000);

test("a file that is nested too deeply to be read is neither changed nor set aside", async () => {
  await using folder = await folderOf();
  const text = `{"aliases":[],"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  await writeFile(folder.at("server.json"), text);
  const store = new FileStore(folder.at("server.json"));
  await store.load();
  await store.setAside();
  expect(await store.change(() => ({ set: SMALL }))).toMatchObject({ problem: "foreign store" });
  expect(await readFile(folder.at("server.json"), "utf8")).toBe(text);
  expect((await readdir(folder.path)).filter((name) => name.includes("broken"))).toEqual([]);
});

test("what was set aside is not told of any more once somebody has put a whole file there", async () => {
  await using folder = await folderOf({ "server.json": "{ oops" });
  const store = new FileStore(folder.at("server.json"));
  await store.load();
  await store.setAside();
  expect(store.trouble).toContain("set aside");
  await writeFile(folder.at("server.json"), JSON.stringify({ aliases: [SMALL] }));
  await store.load();
  expect([store.entries, store.trouble]).toEqual([[SMALL], undefined]);
});
