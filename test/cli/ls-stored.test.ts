/** `mellamo ls` and `resolve` tell the truth about stored aliases: a name leads where a request for it would go. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { type AliasFolder, aliasFolder, storeText } from "../support/alias-folder.ts";
import { backendTable } from "../support/backend-table.ts";
import { rawBackend } from "../support/backend.ts";
import { noSuchPath } from "../support/small-fleet.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const STORE = storeText(
  { alias: "filed", target: "real" },
  { alias: "real", target: "m" },
  { alias: "round", target: "about" },
  { alias: "about", target: "round" },
  { alias: "lost", target: "nobody" },
  { alias: "good", target: "m", targets: ["m", { model: "real", backend: "box" }], strategy: "order" },
  { alias: "gpt-", target: "good", prefix_matching: true },
  { alias: "gpt-4", target: "real", prefix_matching: true },
);

async function stage(): Promise<AliasFolder> {
  await using starting = new AsyncDisposableStack();
  const box = starting.use(await rawBackend(["m", "real"], noSuchPath));
  const toml = `[aliases]\nfiled = "m"\n${backendTable("box", box.url, 'engine = "openai"')}`;
  const here = starting.use(await aliasFolder("in the file", toml, STORE));
  await (await here.serve()).log.until(/event="backend up" backend=box /);
  const started = starting.move();
  return { ...here, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

test("ls leaves out what is shadowed, and says what leads in a circle", async () => {
  await using here = await stage();
  const { status, out, err } = await here.run("ls");
  expect(
    out
      .trimEnd()
      .split("\n")
      .map((row) => row.split(/ {2,}/)),
  ).toEqual([
    ["NAME", "STANDS FOR", "BACKENDS"],
    ["filed", "m", "box"],
    ["about", "round", "alias cycle detected"],
    ["good", "m, then real on box", "box"],
    ["gpt-*", "good"],
    ["gpt-4*", "real"],
    ["lost", "nobody"],
    ["round", "about", "alias cycle detected"],
    ["m", "box"],
    ["real", "box"],
  ]);
  expect([err, status]).toEqual(["", 0]);

  const names = JSON.parse((await here.run("ls", "--json")).out) as Record<string, unknown>[];
  expect(names.filter(({ name }) => name === "good" || name === "round" || name === "real")).toEqual([
    { name: "good", stands_for: ["m", "real on box"], strategy: "order", backends: ["box"] },
    { name: "round", stands_for: ["about"], backends: [], broken: "alias cycle detected" },
    { name: "real", stands_for: [], backends: ["box"] },
  ]);
});

test("resolve goes the way a request would", async () => {
  await using here = await stage();
  const resolve = async (name: string): Promise<string> => {
    const { out, err } = await here.run("resolve", name);
    return `${out}${err}`.split("\n")[0] ?? "";
  };
  const ways = {
    filed: "filed is the alias filed for m",
    real: "real is a model",
    good: "good is the alias good for m, real on box",
    "gpt-3": "gpt-3 is the alias gpt-* -> good for m, real on box",
    "GPT-4o": "GPT-4o is the alias gpt-4* for real",
    round: "model 'round' not found: alias cycle detected",
    lost: `model 'lost' not found: nobody has what it stands for ("nobody")`,
  };
  const found = await Promise.all(Object.keys(ways).map(async (name) => [name, await resolve(name)]));
  expect(Object.fromEntries(found)).toEqual(ways);
});

test("a name changes its way as soon as the command that changed it has ended", async () => {
  await using here = await stage();
  await here.alias("set", "good", "real");
  expect((await here.run("resolve", "good")).out).toStartWith("good is the alias good for real\n");
  await here.alias("rm", "good");
  expect(await here.run("resolve", "good")).toMatchObject({ status: 1, out: "" });
  expect((await here.run("ls")).out).not.toContain("good  ");
});

test("ps has nothing to do with aliases", async () => {
  await using here = await stage();
  const { out } = await here.run("ps");
  expect(out).toMatch(/^box +openai +\S+ +up +0 +m, real$/m);
});
