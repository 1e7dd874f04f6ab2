/** `mellamo check` warns of stored aliases that do nothing, and touches no file. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, readdir, readFile } from "node:fs/promises";

import { type AliasFolder, aliasFolder, storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { NO_ENGINE } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const NAMES = `
[models]
"pinned:1" = "box"
[aliases]
filed = "m"
"claude-*" = "filed"
`;

const STORE = storeText(
  { alias: "filed", target: "m" },
  { alias: "claude-", target: "m", prefix_matching: true },
  { alias: "pinned:1", target: "m" },
  { alias: "real", target: "m" },
  { alias: "round", target: "about" },
  { alias: "about", target: "round" },
  { alias: "lost", target: "mm" },
  { alias: "half", target: "m", targets: ["m", "nobody"] },
  { alias: "gpt-", target: "lost", prefix_matching: true },
  { alias: "good", target: "m" },
);

/** The warnings, one a line, in any order. */
async function warnings(here: AliasFolder, ...args: string[]): Promise<string[]> {
  const { status, out, err } = await here.run("check", ...args);
  expect([out.startsWith("config.toml: ok ("), status]).toEqual([true, 0]);
  return err.split("\n").slice(0, -1).sort();
}

const CERTAIN = [
  'warning: stored alias "about": alias cycle detected',
  'warning: stored alias "claude-*": shadowed by the configuration file',
  'warning: stored alias "filed": shadowed by the configuration file',
  'warning: stored alias "pinned:1": shadowed by a model of that name',
  'warning: stored alias "round": alias cycle detected',
];

const SEEN = [
  'warning: stored alias "gpt-*": no backend has "mm", did you mean "m"?',
  'warning: stored alias "half": no backend has "nobody"',
  'warning: stored alias "lost": no backend has "mm", did you mean "m"?',
  'warning: stored alias "real": shadowed by a model of that name',
];

test.concurrent("those that are shadowed or lead in a circle are told without asking anybody", async () => {
  await using here = await aliasFolder(
    "in the file",
    `${NAMES}${backendTable("box", "http://127.0.0.1:9")}`,
    STORE,
  );
  expect(await warnings(here)).toEqual(CERTAIN);
});

test.concurrent("--live tells, too, of those that nobody has, or whose name a model has", async () => {
  await using box = await rawBackend(["m", "real", "pinned:1"], noSuchPath);
  const table = backendTable("box", box.url, 'engine = "openai"');
  await using here = await aliasFolder("in the file", `${NAMES}${table}`, STORE);
  expect(await warnings(here, "--live")).toEqual([...CERTAIN, ...SEEN].sort());
});

const NEWER = '{"version":2}';

test.concurrent.each<[string, string | undefined, RegExp]>([
  ["no JSON", "{", /it is no JSON \(.+\)/],
  ["empty", "", /it is no JSON \(.+\)/],
  ["a list", "[]", /it is no JSON object/],
  ["of a newer layout", NEWER, /unsupported router config version 2/],
  ["a folder", undefined, /it is a folder/],
  ["written by somebody with other ideas", '{"aliases":[{}]}', /entries that cannot be read, .+: 1/],
])("a store that is %s is told, and left as it is", async (_, text, why) => {
  await using here = await aliasFolder("in the file", NO_ENGINE, text);
  if (text === undefined) await mkdir(here.store);
  for (const args of [[], ["--live"]]) {
    const [told = "", ...others] = await warnings(here, ...args);
    expect(told).toMatch(new RegExp(`^warning: alias store ${here.store}: ${why.source}$`));
    expect(others.filter((line) => !line.startsWith("warning: backend "))).toEqual([]);
  }
  expect((await readdir(here.folder.path)).sort()).toEqual(["config.toml", "server.json"]);
  if (text !== undefined) expect(await readFile(here.store, "utf8")).toBe(text);
});

test.concurrent("a store that is not there, or may only be read, is nothing to warn of", async () => {
  await using none = await aliasFolder("in the file", NO_ENGINE);
  expect(await warnings(none)).toEqual([]);
  expect(await readdir(none.folder.path)).toEqual(["config.toml"]);
  await using locked = await aliasFolder("in the file", NO_ENGINE, storeText({ alias: "x", target: "m" }));
  await chmod(locked.store, 0o444);
  expect(await warnings(locked)).toEqual([]);
});
