/**
 * Damaged files: each is either taken for a store, and then keeps all that others have in it through every change, or is
 * set aside byte for byte. What is in force is always what the file says.
 */

import { expect } from "bun:test";
import { isUtf8 } from "node:buffer";
import { readdir, readFile, writeFile } from "node:fs/promises";

import type { Entry } from "../../../src/domain/entry.ts";
import { parseDocument } from "../../../src/store/document.ts";
import { FileStore } from "../../../src/store/file-store.ts";
import { canonical, exactly } from "../../support/exact-json.ts";
import { type Folder, folderOf } from "../../support/folder.ts";
import { mutate } from "../../support/mutate-json.ts";
import { forSeedsAtOnce, type Random } from "../../support/random.ts";
import { entriesIn, foreignTop, rawEntries } from "../../support/store-text.ts";

const TEXTS = [
  '{"version":1,"aliases":[{"alias":"a","target":"m"},{"alias":"b","target":"n","prefix_matching":true}]}',
  `{
  "disable_ollama_cloud": true,
  "aliases": [
    {"alias": "A", "target": "m", "note": 18446744073709551615},
    {"alias": "a:latest", "target": "n", "1": 1.0, "0": [1e400, -0]},
    {"alias": "bad", "target": 7},
    {"alias": "p-", "target": "m", "prefix_matching": true, "listed": false, "echo": true},
    {"alias": "many", "target": "m", "targets": ["m", {"model": "n", "backend": "attic"}], "strategy": "order"}
  ],
  "deep": {"a": [[{"b": [1.50, "\\ud83e\\udd99 \\ud800"]}]], "__proto__": {"constructor": null}},
  "version": 1
}
`,
  '{"aliases":null,"n":9007199254740993}',
] as const;

const NEW: Entry = { alias: "new", target: "m" };
const AGAIN: Entry = { alias: "a", target: "other" };
/** The keys of an entry that may be different after it was set. */
const OWN = ["alias", "target", "prefix_matching", "targets", "strategy", "listed", "echo"];

/** How the mutations turned out. */
export interface Seen {
  stores: number;
  aside: number;
  foreign: number;
}

export async function fuzzStore(mutations: number): Promise<Seen> {
  const seen: Seen = { stores: 0, aside: 0, foreign: 0 };
  // a file that is no store is looked at twice, some time apart
  await forSeedsAtOnce(mutations, 100, async (random) => {
    const bytes = mutate(Buffer.from(random.pick(TEXTS)), random);
    await using folder = await folderOf();
    await writeFile(folder.at("server.json"), bytes);
    try {
      seen[await tryStore(folder, bytes, random)]++;
    } catch (failure) {
      throw new Error(`${String(failure)}\n${Buffer.from(bytes).toString()}`, { cause: failure });
    }
  });
  return seen;
}

async function tryStore(folder: Folder, bytes: Uint8Array, random: Random): Promise<keyof Seen> {
  const path = folder.at("server.json");
  const [text, whole] = [
    Buffer.from(bytes)
      .toString()
      .replace(/^\ufeff/, ""),
    random.pick(TEXTS),
  ];
  const document = parseDocument(text);
  const isReadable = isUtf8(bytes) && !("unreadable" in document);
  if (isUtf8(bytes)) expect(isReadable).toBe(isStore(text));

  // it was so from the start, or became so under a store that runs
  const before = random.chance(0.5) ? whole : "{}";
  const store = new FileStore(path);
  if (before === whole) {
    await writeFile(path, whole);
    await store.load();
  }
  await writeFile(path, bytes);
  await store.load();
  if (before !== whole && store.trouble !== undefined) await store.setAside();
  const base = isReadable ? text : before;
  expect([...store.entries]).toEqual(entriesIn(base));

  const entry = random.pick([NEW, AGAIN]);
  const change = random.chance(0.7) ? { set: entry } : { remove: entry };
  const made = await store.change(() => change);
  if ("problem" in made) {
    expect(document).toMatchObject({ isForeign: true });
    expect(await readFile(path)).toEqual(Buffer.from(bytes));
    expect([...store.entries]).toEqual(entriesIn(before));
    return "foreign";
  }
  const after = await readFile(path, "utf8");
  expect(entriesIn(after)).toEqual([...store.entries]);
  expectKept(base, after, change);
  const aside = (await readdir(folder.path)).filter((name) => name.includes(".broken-"));
  expect(aside).toHaveLength(isReadable || text.trim() === "" ? 0 : 1);
  for (const name of aside) expect(await readFile(folder.at(name))).toEqual(Buffer.from(bytes));
  return isReadable ? "stores" : "aside";
}

function expectKept(before: string, after: string, change: { set: Entry } | { remove: Entry }): void {
  expect(foreignTop(after)).toBe(foreignTop(before));
  const entry = "set" in change ? change.set : change.remove;
  const isOf = (raw: string): boolean => {
    const found: unknown = JSON.parse(raw);
    const { alias, prefix_matching: isPrefix } = Object(found) as Record<string, unknown>;
    return (
      typeof alias === "string" && isPrefix !== true && !Array.isArray(found) && nameOf(alias) === entry.alias
    );
  };
  const [raw, left] = [rawEntries(before), rawEntries(after)];
  expect(left.filter((one) => !isOf(one))).toEqual(raw.filter((one) => !isOf(one)));
  const [mine, mineLeft] = [raw.filter(isOf), left.filter(isOf)];
  if ("remove" in change) expect(mineLeft).toEqual([]);
  else if (mine.length === 0) expect(mineLeft).toHaveLength(1);
  else {
    expect(mineLeft.slice(0, -1)).toEqual(mine.slice(0, -1));
    expect(foreignIn(mineLeft.at(-1))).toEqual(foreignIn(mine.at(-1)));
  }
}

function foreignIn(raw: string | undefined): string[] {
  return rawEntries(`{"aliases":[${raw ?? ""}]}`, OWN);
}

/** As far as the names of this test go. */
function nameOf(alias: string): string {
  return alias
    .trim()
    .toLowerCase()
    .replace(/^library\//, "")
    .replace(/:latest$/, "");
}

/** By a reader that has nothing to do with the program's. */
function isStore(text: string): boolean {
  try {
    const top = exactly(text);
    if (!(top instanceof Map)) return false;
    const [version, aliases] = [top.get("version"), top.get("aliases")].map((value) =>
      value === undefined ? "null" : canonical(value),
    );
    return ["1", "0", "null"].includes(version ?? "") && /^(null$|\[)/.test(aliases ?? "");
  } catch {
    return false;
  }
}
