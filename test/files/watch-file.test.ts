/** Who watches a file is told of each change, once it has settled, and of nothing after that. */

import { expect, test } from "bun:test";
import { appendFile, rm, writeFile } from "node:fs/promises";

import { watchContent } from "../../src/files/watch-file.ts";
import { eventually } from "../support/deadline.ts";
import { folderOf } from "../support/folder.ts";

const SOON_MS = 5000;

interface Watched extends AsyncDisposable {
  readonly path: string;
  readonly told: () => number;
  readonly end: () => void;
}

/** `known` is what whoever watches believes to be in the file. */
async function watched(text: string | undefined, known: string | undefined = text): Promise<Watched> {
  const folder = await folderOf(text === undefined ? {} : { file: text });
  let told = 0;
  const end = watchContent(folder.at("file"), known, () => told++);
  return {
    path: folder.at("file"),
    told: () => told,
    end,
    [Symbol.asyncDispose]: () => {
      end();
      return folder[Symbol.asyncDispose]();
    },
  };
}

/** As long as a change takes from its first byte to its telling. */
async function aWhile(): Promise<void> {
  await using clock = await watched("a", "b");
  await eventually(SOON_MS, () => clock.told() === 1);
}

test("one change is told once", async () => {
  await using file = await watched("a");
  await aWhile();
  await writeFile(file.path, "b");
  await eventually(SOON_MS, () => file.told() === 1);
  await aWhile();
  expect(file.told()).toBe(1);
});

test("a file that is as it was is not told of", async () => {
  await using file = await watched("a");
  await aWhile();
  expect(file.told()).toBe(0);
});

test.each([
  ["a", "b"],
  [undefined, "a"],
])("what changed before the watch began is told: %p, which was %p", async (text, known) => {
  await using file = await watched(text, known);
  await eventually(SOON_MS, () => file.told() === 1);
});

test("a change in the very moment in which the watch begins is told", async () => {
  await using file = await watched("a");
  await writeFile(file.path, "b");
  await eventually(SOON_MS, () => file.told() > 0);
});

test("a file that grows is told of when it has stopped", async () => {
  await using file = await watched("a");
  for (let piece = 0; piece < 10; piece++) {
    await appendFile(file.path, "b");
    await Bun.sleep(50);
    expect(file.told()).toBe(0);
  }
  await eventually(SOON_MS, () => file.told() === 1);
});

test("a file that goes, and one that comes, is told", async () => {
  await using file = await watched("a");
  await aWhile();
  await rm(file.path);
  await eventually(SOON_MS, () => file.told() === 1);
  await writeFile(file.path, "a");
  await eventually(SOON_MS, () => file.told() === 2);
});

test("nothing is told after the end, though it changed before", async () => {
  await using file = await watched("a");
  await aWhile();
  // it has been seen, and is waited for to settle
  for (let piece = 0; piece < 10; piece++) {
    await appendFile(file.path, "b");
    await Bun.sleep(50);
  }
  file.end();
  expect(file.told()).toBe(0);
  await aWhile();
  expect(file.told()).toBe(0);
});
