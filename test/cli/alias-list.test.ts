/** `mellamo alias` and `alias show` tell of every alias what it stands for, where it comes from, and what is wrong with it. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type AliasFolder, aliasFolder, PLACES, storeText, type Where } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { NO_ENGINE } from "../support/over.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const CONFIG = `
[models]
"pinned:1" = "box"
[aliases]
filed = "pinned:1"
"claude-*" = ["filed", "m"]
"a*b" = { targets = ["m", { model = "m", backend = "box" }], strategy = "order", listed = false, echo = false }
`;

const STORE = storeText(
  { alias: "filed", target: "m" },
  { alias: "claude-", target: "m", prefix_matching: true },
  { alias: "real", target: "m" },
  { alias: "pinned:1", target: "m" },
  { alias: "round", target: "about" },
  { alias: "about", target: "round" },
  { alias: "lost", target: "mm" },
  { alias: "good", target: "m", targets: ["m", { model: "real", backend: "box" }], strategy: "order" },
  { alias: "gpt-", target: "good", prefix_matching: true },
);

/** A router that has the models `m` and `real` or, without one, the same configuration. */
async function stage(where: Where): Promise<AliasFolder> {
  await using starting = new AsyncDisposableStack();
  const box = starting.use(await rawBackend(["m", "real", "pinned:1"], noSuchPath));
  const here = starting.use(
    await aliasFolder("in the file", CONFIG + backendTable("box", box.url, 'engine = "openai"'), STORE),
  );
  if (where === "at a router") await (await here.serve()).log.until(/event="backend up" backend=box /);
  const started = starting.move();
  return { ...here, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function cells(table: string): string[][] {
  return table
    .trimEnd()
    .split("\n")
    .map((row) => row.split(/ {2,}/));
}

const HIDDEN = "shadowed by the configuration file";
const MODEL = "shadowed by a model of that name";
const CYCLE = "alias cycle detected";

test.concurrent.each(PLACES)(
  "%s, the table has a row for each, and says which have no effect",
  async (where) => {
    await using here = await stage(where);
    const { status, out } = await here.alias();
    const isKnown = where === "at a router";
    expect(cells(out)).toEqual([
      ["NAME", "STANDS FOR", "SOURCE", "STATE"],
      ["a*b", "m, then m on box", "config"],
      ["about", "round", "stored", CYCLE],
      ["claude-*", "filed, m", "config"],
      ["claude-*", "m", "stored", HIDDEN],
      ["filed", "pinned:1", "config"],
      ["filed", "m", "stored", HIDDEN],
      ["good", "m, then real on box", "stored"],
      ["gpt-*", "good", "stored"],
      ["lost", "mm", "stored", ...(isKnown ? ['no backend has "mm", did you mean "m"?'] : [])],
      ["pinned:1", "m", "stored", MODEL],
      ["real", "m", "stored", ...(isKnown ? [MODEL] : [])],
      ["round", "about", "stored", CYCLE],
    ]);
    expect(status).toBe(0);
  },
);

test.concurrent.each(PLACES)("%s, --json has the same for programs", async (where) => {
  await using here = await stage(where);
  const rows = JSON.parse((await here.alias("--json")).out) as Record<string, unknown>[];
  const row = (alias: string, source: string): unknown =>
    rows.find((one) => one["alias"] === alias && one["source"] === source);
  expect(rows).toHaveLength(12);
  expect(row("filed", "config")).toEqual({
    alias: "filed",
    target: "pinned:1",
    source: "config",
    shadowed: false,
  });
  expect(row("filed", "stored")).toMatchObject({ shadowed: true, shadowed_by: "config" });
  expect(row("pinned:1", "stored")).toMatchObject({ shadowed: true, shadowed_by: "model" });
  expect(row("round", "stored")).toMatchObject({ shadowed: false, broken: CYCLE });
  expect(row("gpt-", "stored")).toMatchObject({ target: "good", prefix_matching: true });
  expect(row("a*b", "config")).toMatchObject({ pattern: true, listed: false, echo: false });
  expect(row("good", "stored")).toMatchObject({ targets: ["m", { model: "real", backend: "box" }] });
});

test.concurrent.each(PLACES)("%s, one alias is shown with all that it says", async (where) => {
  await using here = await stage(where);
  const shown = async (name: string): Promise<string[][][]> =>
    (await here.alias("show", name)).out.split("\n\n").map(cells);
  const rest = [
    ["listed", "yes"],
    ["echo", "yes"],
    ["source", "stored"],
  ];
  expect(await shown("GOOD:latest")).toEqual([
    [["name", "good"], ["stands for", "m, then real on box"], ["strategy", "order"], ...rest],
  ]);
  const prefix = [["name", "gpt-*"], ["stands for", "good"], ["strategy", "pool"], ...rest];
  expect([await shown("gpt-*"), await shown("GPT-")]).toEqual([[prefix], [prefix]]);
  expect(await shown("a*b")).toEqual([
    [
      ["name", "a*b"],
      ["stands for", "m, then m on box"],
      ["strategy", "order"],
      ["listed", "no"],
      ["echo", "no"],
      ["source", "config"],
    ],
  ]);
  const both = await shown("filed");
  expect(both.map((one) => one.at(-1))).toEqual([
    ["source", "config"],
    ["state", HIDDEN],
  ]);
});

test.concurrent(
  "a target that nobody has is a warning on stderr, and the result stands on stdout",
  async () => {
    await using here = await stage("at a router");
    const set = await here.alias("set", "--json", "new", "mm", "m", "other");
    expect(set).toMatchObject({
      status: 0,
      err: 'warning: no backend has "mm", did you mean "m"?; no backend has "other"\n',
    });
    expect(JSON.parse(set.out)).toEqual({ alias: "new", target: "mm", targets: ["mm", "m", "other"] });
    expect(await here.alias("set", "new", "good")).toEqual({ status: 0, out: "new -> good\n", err: "" });
  },
);

test.concurrent("a model that the router sees on a backend keeps its name", async () => {
  await using here = await stage("at a router");
  expect(await here.alias("set", "real", "m")).toEqual({
    status: 1,
    out: "",
    err: 'alias "real" conflicts with existing model\n',
  });
});

test.concurrent.each(PLACES)("%s, no aliases at all come with a hint", async (where) => {
  await using here = await aliasFolder(where, NO_ENGINE);
  expect((await here.alias()).out).toBe("No aliases yet. Make one with: mellamo alias set NAME TARGET\n");
  expect((await here.alias("--json")).out).toBe("[]\n");
});
