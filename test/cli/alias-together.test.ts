/** A router and a user who edits the file of its store beside it see each other's changes, and lose none. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type AliasFolder, aliasFolder, entriesIn } from "../support/alias-folder.ts";
import { command, type Result } from "../support/mellamo.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(60_000);

/** How soon a router has seen what others did to the file. */
const DEADLINE_MS = 5000;

/** Runs `mellamo alias …` with a configuration by which the router of this store listens elsewhere. */
async function besideOf({ folder }: AliasFolder): Promise<(...args: string[]) => Promise<Result>> {
  await Bun.write(folder.at("away/config.toml"), `[server]\nlisten = "unix:nobody"\n${NO_ENGINE}`);
  const place = { cwd: folder.at("away"), env: { STATE_DIRECTORY: folder.path } };
  return (...args) => command(["alias", ...args], place);
}

/** The names that the router knows, once they are these. */
async function names(here: AliasFolder, expected: readonly string[]): Promise<readonly string[]> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const response = await fetch("http://localhost/api/aliases", { unix: here.socket });
    const { aliases } = (await response.json()) as { readonly aliases: readonly { alias: string }[] };
    const known = aliases.map(({ alias }) => alias);
    if (Bun.deepEquals(known, expected) || performance.now() > deadline) return known;
    await Bun.sleep(20);
  }
}

test.concurrent(
  "what is set in the file while the router runs is an alias there a moment later",
  async () => {
    await using here = await aliasFolder("at a router", NO_ENGINE);
    const beside = await besideOf(here);
    expect(await beside("set", "b", "m")).toMatchObject({ status: 0, out: "b -> m\n" });
    expect(await names(here, ["b"])).toEqual(["b"]);
    expect(await beside("set", "a", "m")).toMatchObject({ status: 0 });
    expect(await beside("rm", "b")).toMatchObject({ status: 0 });
    expect(await names(here, ["a"])).toEqual(["a"]);
  },
);

test.concurrent(
  "what the router keeps is seen in the file at once, and bound to the same rules",
  async () => {
    await using here = await aliasFolder("at a router", NO_ENGINE);
    const beside = await besideOf(here);
    expect(await here.alias("set", "a", "b")).toMatchObject({ status: 0 });
    expect((await beside("show", "a")).out).toMatch(/^stands for +b$/m);
    expect(await beside("set", "b", "a")).toMatchObject({ status: 1, err: "alias cycle detected\n" });
    expect(await here.alias("rm", "a")).toMatchObject({ status: 0 });
    expect(await beside("rm", "a")).toMatchObject({ status: 1, err: 'alias "a" not found\n' });
  },
);

test.concurrent("what is set before a router starts is there when it runs, and outlives it", async () => {
  await using here = await aliasFolder("in the file", NO_ENGINE);
  await here.alias("set", "early", "m");
  const router = await here.serve();
  expect(await names(here, ["early"])).toEqual(["early"]);
  await here.alias("set", "late", "m");
  // without any chance to tidy up
  await router.end("SIGKILL");
  const left = await here.alias("--json");
  expect(left.err).toStartWith(`no mellamo runs at ${here.socket}: `);
  expect((JSON.parse(left.out) as { alias: string }[]).map(({ alias }) => alias)).toEqual(["early", "late"]);
});

test.concurrent("the router and many users who edit the file at once lose nothing", async () => {
  await using here = await aliasFolder("at a router", NO_ENGINE);
  const beside = await besideOf(here);
  const wanted = Array.from({ length: 10 }, (_, at) => `n${at}`);
  const done = await Promise.all(
    wanted.map((name, at) => (at % 2 === 0 ? here.alias("set", name, "m") : beside("set", name, "m"))),
  );
  expect(done.map(({ status }) => status)).toEqual(wanted.map(() => 0));
  const stored = entriesIn(await here.stored()) as { alias: string }[];
  expect(stored.map(({ alias }) => alias).sort()).toEqual(wanted);
  expect(await names(here, wanted)).toEqual(wanted);
});
