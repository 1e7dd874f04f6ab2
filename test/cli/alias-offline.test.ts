/** Where no router runs, `mellamo alias` works on the file of the store, says so, and never harms what it cannot read. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { chmod, mkdir, readdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { aliasFolder, entriesIn, PLACES, storeText } from "../support/alias-folder.ts";
import { command } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const OLD = { alias: "old", target: "m" };

test.concurrent("each command says which file it works on, and that no router runs", async () => {
  await using here = await aliasFolder("in the file", NO_ENGINE, storeText(OLD));
  const note = (did: string): string => `no mellamo runs at ${here.socket}: ${did} ${here.store} itself\n`;
  expect(await here.alias()).toMatchObject({ status: 0, err: note("looked into") });
  expect(await here.alias("show", "old")).toMatchObject({ status: 0, err: note("looked into") });
  expect(await here.alias("set", "x", "y")).toMatchObject({ status: 0, err: note("changed") });
  expect(await here.alias("rm", "x")).toMatchObject({ status: 0, err: note("changed") });
  // nothing was changed
  expect(await here.alias("rm", "x")).toMatchObject({ status: 1, err: 'alias "x" not found\n' });
});

test.concurrent("a store that is not there yet is made with its folders, for its owner alone", async () => {
  await using here = await aliasFolder("in the file", `[store]\npath = "a/b/names.json"\n${NO_ENGINE}`);
  expect(await here.alias("--json")).toMatchObject({ status: 0, out: "[]\n" });
  expect(await readdir(here.folder.path)).toEqual(["config.toml"]);
  expect(await here.alias("set", "x", "y")).toMatchObject({ status: 0, out: "x -> y\n" });
  const path = here.folder.at("a/b/names.json");
  expect(await Bun.file(path).text()).toBe(storeText({ alias: "x", target: "y" }));
  expect([(await stat(path)).mode & 0o777, (await stat(dirname(path))).mode & 0o777]).toEqual([0o600, 0o700]);
});

const TORN = '{"version":1,"aliases":[{"alias":"old"';

test.concurrent("a torn store is set aside when an alias is set, and the user is told where", async () => {
  await using here = await aliasFolder("in the file", NO_ENGINE, TORN);
  const done = await here.alias("set", "x", "y");
  expect(done.status).toBe(0);
  const [, aside = ""] =
    /^warning: \S+: it could not be read, and was set aside as (\S+)$/m.exec(done.err) ?? [];
  expect(await Bun.file(aside).text()).toBe(TORN);
  expect(entriesIn(await here.stored())).toEqual([{ alias: "x", target: "y" }]);
});

test.concurrent.each([[["set", "x", "x"]], [["rm", "old"]]])(
  "a torn store stays where it is when %j is refused, and the user is warned of it",
  async (args) => {
    await using here = await aliasFolder("in the file", NO_ENGINE, TORN);
    const { status, err } = await here.alias(...args);
    expect(status).toBe(1);
    expect(err).toMatch(/^warning: \S+\/server\.json: it is no JSON \(.+\)$/m);
    expect(await here.stored()).toBe(TORN);
  },
);

test.concurrent("looking at a torn store warns of it, and leaves it where it is", async () => {
  await using here = await aliasFolder("in the file", `[aliases]\nfiled = "m"\n${NO_ENGINE}`, TORN);
  for (const args of [[], ["show", "filed"]]) {
    const { status, out, err } = await here.alias(...args);
    expect([status, out.includes("filed")]).toEqual([0, true]);
    expect(err).toMatch(/^warning: \S+\/server\.json: it is no JSON \(.+\)$/m);
  }
  expect((await readdir(here.folder.path)).sort()).toEqual(["config.toml", "server.json"]);
});

test.concurrent("entries that cannot be read are counted, and survive a change", async () => {
  await using here = await aliasFolder("in the file", NO_ENGINE, storeText({ alias: 1 }, OLD));
  const { out, err } = await here.alias("set", "x", "y");
  expect(err).toContain(`warning: ${here.store}: entries that cannot be read, and have no effect: 1\n`);
  expect(out).toBe("x -> y\n");
  expect(entriesIn(await here.stored())).toEqual([{ alias: 1 }, OLD, { alias: "x", target: "y" }]);
});

const NONE = "No aliases yet. Make one with: mellamo alias set NAME TARGET\n";

const NEWER = '{"version":2,"aliases":[]}';

test.concurrent.each<[string, string, string, (path: string) => unknown]>([
  ["is of a newer layout", "", "unsupported router config version 2", (path) => Bun.write(path, NEWER)],
  ["is a folder", "", "it is a folder", (path) => mkdir(path)],
  ["would be below a file", "config.toml/", "a part of its path is no folder", () => {}],
])("a store that %s is not changed, and the user is told why", async (_, below, why, spoil) => {
  await using here = await aliasFolder("in the file", `[store]\npath = "${below}server.json"\n${NO_ENGINE}`);
  await spoil(here.store);
  const before = await here.stored();
  const path = here.folder.at(`${below}server.json`);
  const refusal = { status: 1, out: "", err: `the alias store ${path} cannot be changed: ${why}\n` };
  expect(await here.alias("set", "x", "y")).toEqual(refusal);
  expect(await here.alias("rm", "x")).toEqual(refusal);
  const listed = await here.alias();
  expect(listed.err).toEndWith(`warning: ${path}: ${why}\n`);
  expect([listed.out, listed.status]).toEqual([NONE, 0]);
  expect(await here.stored()).toBe(before);
});

test.concurrent.each(PLACES)("%s, a store that is read-only can be read", async (where) => {
  await using here = await aliasFolder(where, NO_ENGINE, storeText(OLD));
  await chmod(here.store, 0o444);
  const err = `the alias store ${here.store} cannot be changed: it is read-only\n`;
  for (const args of [
    ["set", "x", "y"],
    ["rm", "old"],
  ])
    expect(await here.alias(...args)).toEqual({ status: 1, out: "", err });
  expect((await here.alias()).out).toMatch(/^old +m +stored/m);
  expect(await here.stored()).toBe(storeText(OLD));
});

test.concurrent("a configuration with a mistake is told, and nothing is changed", async () => {
  await using here = await aliasFolder("in the file", "[stroe]\n", storeText(OLD));
  const refusal = {
    status: 1,
    out: "",
    err: 'config.toml:3:1: stroe: unknown key, did you mean "store"?\n',
  };
  for (const args of [[], ["set", "x", "y"], ["rm", "old"], ["show", "old"]])
    expect(await here.alias(...args)).toEqual(refusal);
  expect(await here.stored()).toBe(storeText(OLD));
});

test.concurrent("the home of whoever has no $HOME is the one that the system knows", async () => {
  await using here = await aliasFolder("in the file", NO_ENGINE);
  const env = { HOME: "", XDG_STATE_HOME: "" };
  const { status, err } = await command(["alias"], { cwd: here.folder.path, env });
  expect(err).toMatch(/looked into \/.*\.local\/state\/mellamo\/server\.json itself$/m);
  expect(status).toBe(0);
});
