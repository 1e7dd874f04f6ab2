/** `mellamo status` tells what the router runs with, and what of the files on the disk is not in force and why. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFile, rm, writeFile } from "node:fs/promises";

import { version } from "../../package.json";
import { type AliasFolder, aliasFolder, storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { NOBODY } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(60_000);

const CONFIG = `[models]\npinned = "shed"\n[aliases]\nfiled = "pinned"\n${backendTable("shed", NOBODY)}`;

/** How soon a router has seen what is saved. */
const DEADLINE_MS = 5000;

async function stage(store?: string): Promise<AliasFolder & { readonly router: Mellamo }> {
  const here = await aliasFolder("in the file", CONFIG, store);
  return { ...here, router: await here.serve() };
}

/** The rows of the table by their headings, once the router's own answer shows `sign`. */
async function status(here: AliasFolder, sign = ""): Promise<Record<string, string>> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const answer = await (await fetch("http://localhost/mellamo/status", { unix: here.socket })).text();
    if (answer.includes(sign)) break;
    if (performance.now() > deadline) throw new Error(`No ${sign} in ${answer}`);
    await Bun.sleep(20);
  }
  const { out, err, status: exit } = await here.run("status");
  expect([err, exit]).toEqual(["", 0]);
  const rows = out.trimEnd().split("\n");
  const parted = rows.map((row) => /^( *\S.*?) {2,}(.*)$/.exec(row) ?? [row, "", row.trim()]);
  return Object.fromEntries(parted.map(([, heading = "", value = ""]) => [heading.trim() || value, value]));
}

async function rewrite({ file }: Mellamo, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, "utf8")));
}

test.concurrent("what runs, since when, where, and with which files", async () => {
  await using here = await stage(storeText({ alias: "a", target: "filed" }));
  const { started = "", loaded, ...rest } = await status(here);
  expect(rest).toEqual({
    version: expect.stringContaining(version) as string,
    "listens on": `unix:${here.socket}`,
    configuration: here.router.file,
    "alias store": here.store,
    aliases: "2 (stored: 1)",
    backends: "1",
    shed: "down: connection refused",
    requests: "0 in flight, 0 waiting",
  });
  expect(loaded).toBe(started);
  expect(Date.now() - Date.parse(started)).toBeWithin(0, 60_000);
});

test.concurrent("a changed configuration shows when it was loaded", async () => {
  await using here = await stage();
  await rewrite(here.router, (text) => text.replace("filed =", "more = 'pinned'\nfiled ="));
  const { started = "", loaded = "", aliases } = await status(here, '"more"');
  expect(Date.parse(loaded)).toBeGreaterThan(Date.parse(started));
  expect(aliases).toBe("2 (stored: 0)");
});

test.concurrent("every mistake of a file that is not in force is shown until it is mended", async () => {
  await using here = await stage();
  const { file } = here.router;
  const good = await readFile(file, "utf8");
  await rewrite(here.router, (text) => `${text}priorty = 1\n[serve]\n`);
  const bad = await status(here, "priorty");
  const line = good.split("\n").length;
  const first = `${file}:${line}:1: backend.0.priorty: unknown key, did you mean "priority"?`;
  expect(bad["file now bad"]).toBe(first);
  expect(Object.keys(bad)).toContain(`${file}:${line + 1}:1: serve: unknown key, did you mean "server"?`);
  expect(bad["loaded"]).toBe(bad["started"]);
  await writeFile(file, good);
  await status(here, '"config_troubles":[]');
});

test.concurrent.each<[string, (file: string) => Promise<unknown>, (file: string) => string]>([
  ["is gone", (file) => rm(file), (file) => `Cannot read configuration "${file}": no such file`],
  ["is empty", (file) => writeFile(file, ""), (file) => `${file} is empty: only SIGHUP loads that`],
])("a file that %s is shown as bad", async (_, spoil, words) => {
  await using here = await stage();
  const { file } = here.router;
  await spoil(file);
  const { "file now bad": why, aliases } = await status(here, JSON.stringify(words(file)).slice(1, -1));
  expect([why, aliases]).toEqual([words(file), "1 (stored: 0)"]);
});

test.concurrent("what needs a restart is named until it is taken back", async () => {
  await using here = await stage();
  const before = await readFile(here.router.file, "utf8");
  await rewrite(here.router, (text) => `[store]\npath = "other.json"\n${text.replace("m.sock", "n.sock")}`);
  const waiting = await status(here, '"needs_restart":["');
  expect(waiting).toMatchObject({
    "needs a restart": "server.listen, store.path",
    "listens on": `unix:${here.socket}`,
    "alias store": here.store,
  });
  await writeFile(here.router.file, before);
  expect(await status(here, '"needs_restart":[]')).not.toHaveProperty("needs a restart");
});

test.concurrent("trouble of the store is shown, and what came of it", async () => {
  await using here = await stage("torn");
  const { trouble = "", "alias store": store } = await status(here, "was set aside");
  const [, aside = ""] = /^it could not be read, and was set aside as (\S+)$/.exec(trouble) ?? [];
  expect([store, await Bun.file(aside).text()]).toEqual([here.store, "torn"]);
  await writeFile(here.store, storeText({ alias: 1 }, { alias: "x", target: "filed" }));
  const odd = await status(here, "cannot be read, and");
  expect(odd["trouble"]).toBe("entries that cannot be read, and have no effect: 1");
  expect(odd["aliases"]).toBe("2 (stored: 1)");
});

test.concurrent("stored aliases without effect are counted, and --json says why", async () => {
  await using here = await stage(
    storeText(
      { alias: "filed", target: "pinned" },
      { alias: "pinned", target: "filed" },
      { alias: "a", target: "b" },
      { alias: "b", target: "a" },
      { alias: "good", target: "filed" },
    ),
  );
  expect(await status(here)).toMatchObject({
    aliases: "6 (stored: 5)",
    "without effect": "4: see mellamo alias",
  });
  const { aliases } = JSON.parse((await here.run("status", "--json")).out) as {
    readonly aliases: Record<string, unknown>[];
  };
  expect(aliases.filter(({ source }) => source === "stored")).toMatchObject([
    { name: "a", broken: "alias cycle detected" },
    { name: "b", broken: "alias cycle detected" },
    { name: "good" },
    { name: "pinned", shadowed_by: "model" },
  ]);
});
