/** `mellamo alias set` says what is asked of a model, at a router and in the file alike; `show` and `--json` tell it again. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";

import { type AliasFolder, aliasFolder, entriesIn, PLACES, storeText } from "../support/alias-folder.ts";
import { NO_ENGINE } from "../support/over.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** Flags, and what is kept of them. */
const KEPT: readonly (readonly [flags: readonly string[], kept: object])[] = [
  [["--option", "temperature=0"], { options: { temperature: 0 } }],
  [["--option=temperature=0.5"], { options: { temperature: 0.5 } }],
  [["--option", "num_ctx=8192", "--option", "seed=-1"], { options: { num_ctx: 8192, seed: -1 } }],
  [["--option", "seed=1", "--option", "seed=2"], { options: { seed: 2 } }],
  [["--option", 'stop=["a","b=c"]'], { options: { stop: ["a", "b=c"] } }],
  [["--option", "use_mmap=false"], { options: { use_mmap: false } }],
  [["--option", "newer=a=b"], { options: { newer: "a=b" } }],
  [["--option", 'newer="5"'], { options: { newer: "5" } }],
  [["--option", "newer="], { options: { newer: "" } }],
  [["--keep-alive", "30m"], { keep_alive: "30m" }],
  [["--keep-alive", "-1"], { keep_alive: "-1" }],
  [["--keep-alive=-1"], { keep_alive: "-1" }],
  [["--keep-alive", "-1m"], { keep_alive: "-1m" }],
  [["--keep-alive", "0"], { keep_alive: "0" }],
  [["--force", "num_ctx=32768"], { force: { options: { num_ctx: 32768 } } }],
  [["--force-keep-alive", "-1"], { force: { keep_alive: "-1" } }],
  [
    ["--force-keep-alive", "2h", "--force", "seed=1", "--keep-alive", "1h", "--option", "top_k=3"],
    { options: { top_k: 3 }, keep_alive: "1h", force: { options: { seed: 1 }, keep_alive: "2h" } },
  ],
];

describe.each(PLACES)("%s", (where) => {
  test("what is set is answered, kept and listed", async () => {
    await using here = await aliasFolder(where, NO_ENGINE);
    for (const [flags, kept] of KEPT) {
      const entry = { alias: "x", target: "y", ...kept };
      const done = await here.alias("set", "x", "y", ...flags, "--json");
      expect([flags, done.status, done.out]).toEqual([flags, 0, `${JSON.stringify(entry)}\n`]);
      expect(entriesIn(await here.stored())).toEqual([entry]);
    }
    const [row] = JSON.parse((await here.alias("--json")).out) as object[];
    expect(row).toMatchObject({ alias: "x", target: "y", ...KEPT.at(-1)?.[1], source: "stored" });
  });

  test("flags may stand anywhere, beside any others, and whoever sets it anew says all of it anew", async () => {
    await using here = await aliasFolder(where, NO_ENGINE);
    const first = ["--force", "seed=1", "x*", "--order", "--keep-alive", "-1", "y", "z", "--unlisted"];
    expect(await here.alias("set", ...first)).toMatchObject({ status: 0, out: "x* -> y, then z\n" });
    expect(entriesIn(await here.stored())).toEqual([
      {
        ...{ alias: "x", target: "y", prefix_matching: true, targets: ["y", "z"] },
        ...{ strategy: "order", listed: false, keep_alive: "-1", force: { options: { seed: 1 } } },
      },
    ]);
    expect(await here.alias("set", "x*", "y")).toMatchObject({ status: 0 });
    expect(entriesIn(await here.stored())).toEqual([{ alias: "x", target: "y", prefix_matching: true }]);
  });

  test("show tells it in words, and says nothing where nothing is asked", async () => {
    const both = {
      ...{ alias: "both", target: "m", options: { num_ctx: 8192, stop: ["a"] }, keep_alive: "30m" },
      force: { options: { temperature: 0 }, keep_alive: -1 },
    };
    const forced = { alias: "forced", target: "m", force: { keep_alive: 5 } };
    const toml = `[aliases]\nfiled = { targets = ["m"], options = { seed = 1 } }\n${NO_ENGINE}`;
    await using here = await aliasFolder(
      where,
      toml,
      storeText(both, forced, { alias: "bare", target: "m" }),
    );
    expect(await parameters(here, "both")).toBe(
      'num_ctx = 8192, stop = ["a"], keep_alive = "30m"; forced: temperature = 0, keep_alive = -1',
    );
    expect(await parameters(here, "forced")).toBe("forced: keep_alive = 5");
    expect(await parameters(here, "filed")).toBe("seed = 1");
    expect(await parameters(here, "bare")).toBeUndefined();
    const [row] = JSON.parse((await here.alias("show", "both", "--json")).out) as object[];
    expect(row).toMatchObject(both);
  });
});

async function parameters(here: AliasFolder, name: string): Promise<string | undefined> {
  const { out, status } = await here.alias("show", name);
  expect(status).toBe(0);
  return /^parameters +(.*)$/m.exec(out)?.[1];
}

test("what was set without a router is in force in the next", async () => {
  await using here = await aliasFolder("in the file", NO_ENGINE);
  await here.alias("set", "x", "y", "--option", "num_ctx=8192", "--force-keep-alive", "-1");
  await using _ = await here.serve();
  const { out, err } = await here.alias("show", "x");
  expect(out).toMatch(/^parameters +num_ctx = 8192; forced: keep_alive = "-1"$/m);
  expect(err).toBe("");
});
