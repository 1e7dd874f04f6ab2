/** Several processes and routers change one store at the same time, and each finds what it did. */

import { expect } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { leftBy } from "../../support/alias-writer.ts";
import { eventually } from "../../support/eventually.ts";
import { folderOf } from "../../support/folder.ts";
import { mellamo } from "../../support/mellamo.ts";
import { NO_ENGINE } from "../../support/over.ts";
import { aliasesOf, removeAlias, setAlias, storeTable } from "../../support/store-calls.ts";
import { entriesIn, foreignTop } from "../../support/store-text.ts";

const WRITER = join(import.meta.dir, "..", "..", "support", "alias-writer.ts");

const BEFORE = '{"note":1.0,"aliases":[{"alias":"old","target":"m"}]}';

async function namesIn(path: string): Promise<string[]> {
  return entriesIn(await readFile(path, "utf8")).map(({ alias }) => alias);
}

/** Each of the processes makes `changes` of its own. */
export async function writersAtOnce(writers: number, changes: number): Promise<void> {
  await using folder = await folderOf({ "server.json": BEFORE });
  const path = folder.at("server.json");
  const names = Array.from({ length: writers }, (_, index) => `writer-${index}`);
  const children = names.map((name) =>
    Bun.spawn([process.execPath, WRITER, path, name, String(changes)], { stdout: "ignore", stderr: "pipe" }),
  );
  const told = await Promise.all(children.map((child) => child.stderr.text()));
  const ended = await Promise.all(children.map((child) => child.exited));
  expect({ ended, told }).toEqual({ ended: names.map(() => 0), told: names.map(() => "") });
  expect(await namesIn(path)).toEqual(["old", ...names.flatMap((name) => leftBy(name, changes))].sort());
  expect(foreignTop(await readFile(path, "utf8"))).toBe('{"note":1.0}');
  expect((await readdir(folder.path)).sort()).toEqual(["server.json", "server.json.lock"]);
}

/** Two routers are told of `changes` aliases each, several at a time, and of one that both want. */
export async function routersAtOnce(changes: number): Promise<void> {
  await using folder = await folderOf({ "server.json": BEFORE });
  const path = folder.at("server.json");
  const toml = `${storeTable(path)}${NO_ENGINE}`;
  await using left = await mellamo(toml);
  await using right = await mellamo(toml);
  const work = [left, right].map(async (router, side) => {
    const name = `router-${side}`;
    const wanted = leftBy(name, changes);
    const statuses = new Set<number>();
    const inTurn = async (first: number): Promise<void> => {
      for (let index = first; index < changes; index += 4) {
        const alias = `${name}-${index}`;
        statuses.add((await setAlias(router, alias, "m")).status);
        if (!wanted.includes(alias)) statuses.add((await removeAlias(router, alias)).status);
        if (index % 10 === 0) statuses.add((await setAlias(router, "both", alias)).status);
      }
    };
    await Promise.all([0, 1, 2, 3].map(inTurn));
    expect([...statuses]).toEqual([200]);
    return wanted;
  });
  const wanted = (await Promise.all(work)).flat();
  const expected = ["old", "both", ...wanted].sort();
  expect(await namesIn(path)).toEqual(expected);
  const [, both] = Object.entries(await aliasesIn(path)).find(([alias]) => alias === "both") ?? [];
  for (const router of [left, right]) {
    const seen = await eventually(
      () => aliasesOf(router),
      (aliases) => Object.keys(aliases).length === expected.length && aliases["both"] === both,
    );
    expect(Object.keys(seen)).toEqual(expected);
  }
  expect(foreignTop(await readFile(path, "utf8"))).toBe('{"note":1.0}');
}

async function aliasesIn(path: string): Promise<Record<string, string>> {
  const entries = entriesIn(await readFile(path, "utf8"));
  return Object.fromEntries(entries.map(({ alias, target }) => [alias, target]));
}
