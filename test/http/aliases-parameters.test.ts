/** An alias that is set over HTTP may ask for options and a time in memory: kept, listed, and in force at once. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";
import { say } from "../support/say.ts";

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage({
    toml: '[aliases]\nfiled = { targets = ["tiny"], options = { seed = 4 }, keep_alive = "7m" }\n',
  });
});
afterEach(async () => {
  const stored = (await aliasList(stage, "verbose")).filter(({ source }) => source === "stored");
  await removeAliases(stage, ...stored.map(({ alias }) => alias));
});
afterAll(() => stage[Symbol.asyncDispose]());

/** What an Ollama hears of a chat with this alias that says this of itself. */
async function heard(alias: string, said = ""): Promise<string> {
  const before = stage.engine.talks.length;
  await say(stage.router.port, "POST /api/chat", [], `{"model":"${alias}"${said}}`);
  return (await stage.engine.talk(before)).body.toString();
}

const TINY = { alias: "x", target: "tiny" };
const FULL = {
  ...TINY,
  options: { num_ctx: 8192, stop: ["a", "é\n"], temperature: 0.5, use_mmap: false, newer: [1, "x", true] },
  keep_alive: "30m",
  force: { options: { seed: 9007199254740991 }, keep_alive: -1 },
};

/** What is sent, and what is kept of it. */
const KEPT: readonly (readonly [sent: object, kept: object])[] = [
  [FULL, FULL],
  [
    { ...TINY, keep_alive: 0 },
    { ...TINY, keep_alive: 0 },
  ],
  [
    { ...TINY, keep_alive: "-1" },
    { ...TINY, keep_alive: "-1" },
  ],
  [
    { ...TINY, force: { keep_alive: 1.5 } },
    { ...TINY, force: { keep_alive: 1.5 } },
  ],
  [{ ...TINY, options: {} }, TINY],
  [{ ...TINY, force: {} }, TINY],
  [{ ...TINY, force: { options: {} } }, TINY],
  [{ ...TINY, options: null, keep_alive: null, force: null }, TINY],
  [
    { ...TINY, force: { options: {}, keep_alive: "5m" }, options: {} },
    { ...TINY, force: { keep_alive: "5m" } },
  ],
];

describe.each(ALIAS_PATHS)("%s", (path) => {
  test.each(KEPT)("%j is answered, listed and kept as %j", async (sent, kept) => {
    const { status, body } = await aliasCall(stage, "POST", sent, path);
    expect([status, JSON.stringify(body)]).toEqual([200, JSON.stringify(kept)]);
    const list = await aliasCall(stage, "GET", undefined, path);
    expect(list.body).toEqual({ aliases: [expect.objectContaining({ alias: "filed" }), kept] });
    expect(JSON.parse((await stage.stored()) ?? "")).toEqual({ version: 1, aliases: [kept] });
  });
});

test("it is in force with the next request, changed with the next, and gone when it is set anew without", async () => {
  await setAliases(stage, { ...TINY, options: { seed: 1 }, force: { keep_alive: "90s" } });
  expect(await heard("x")).toBe('{"options":{"seed":1},"keep_alive":90,"model":"tiny:latest"}');
  expect(await heard("x", ',"options":{"seed":2},"keep_alive":0')).toBe(
    '{"model":"tiny:latest","options":{"seed":2},"keep_alive":90}',
  );
  await setAliases(stage, { ...TINY, force: { options: { seed: 3 } } });
  expect(await heard("x", ',"options":{"seed":2}')).toBe('{"model":"tiny:latest","options":{"seed":3}}');
  await setAliases(stage, TINY);
  expect(await heard("x", ',"options":{"seed":2}')).toBe('{"model":"tiny:latest","options":{"seed":2}}');
});

test("longer than Go can count is for ever", async () => {
  for (const [written, sent] of [
    ["2562047h", 9_223_369_200],
    ["2562048h", -1],
    [9_223_372_036, 9_223_372_036],
    [9_223_372_037, -1],
    [1e300, -1],
  ]) {
    await setAliases(stage, { ...TINY, keep_alive: written });
    expect(await heard("x")).toBe(`{"keep_alive":${sent},"model":"tiny:latest"}`);
  }
});

test("a prefix asks for them under every name that begins so, and the name that was asked goes before it", async () => {
  await setAliases(
    stage,
    { alias: "gpt-", target: "tiny", prefix_matching: true, options: { seed: 1, top_k: 2 } },
    { alias: "mine", target: "gpt-4o", options: { seed: 5 } },
  );
  expect(await heard("gpt-4o")).toBe('{"options":{"seed":1,"top_k":2},"model":"tiny:latest"}');
  expect(await heard("mine")).toBe('{"options":{"seed":5,"top_k":2},"model":"tiny:latest"}');
});

test("they outlive the router", async () => {
  await setAliases(stage, FULL);
  await stage.restart();
  expect((await aliasList(stage)).find(({ alias }) => alias === "x")).toEqual(FULL);
  expect(await heard("x", ',"options":{"num_ctx":4096}')).toBe(
    '{"keep_alive":-1,"model":"tiny:latest","options":{"seed":9007199254740991,"stop":["a","é\\n"],"temperature":0.5,"use_mmap":false,"newer":[1,"x",true],"num_ctx":4096}}',
  );
});

test("what the verbose list shows may be sent as it is", async () => {
  const pool = { alias: "y", target: "tiny", targets: ["tiny", "other"], keep_alive: 60 };
  await setAliases(stage, FULL, pool);
  const rows = await aliasList(stage, "verbose");
  const stored = rows.filter(({ source }) => source === "stored");
  expect(stored).toEqual([FULL, pool].map((entry) => ({ ...entry, source: "stored", shadowed: false })));
  await removeAliases(stage, "x", "y");
  await setAliases(stage, ...stored);
  expect(await aliasList(stage, "verbose")).toEqual(rows);
});

test("those of the file are listed, too", async () => {
  const filed = { alias: "filed", target: "tiny", options: { seed: 4 }, keep_alive: "7m" };
  expect(await aliasList(stage)).toEqual([filed]);
  expect(await aliasList(stage, "verbose")).toEqual([{ ...filed, source: "config", shadowed: false }]);
});

test("ollama cp keeps them, and a copy of one of the file goes on to what that says", async () => {
  await setAliases(stage, FULL);
  const cp = async (source: string, destination: string): Promise<number> =>
    (await say(stage.router.port, "POST /api/copy", [], JSON.stringify({ source, destination }))).status;
  expect([await cp("x", "y"), await cp("filed", "z")]).toEqual([200, 200]);
  const listed = await aliasList(stage);
  expect(listed.find(({ alias }) => alias === "y")).toEqual({ ...FULL, alias: "y" });
  expect(listed.find(({ alias }) => alias === "z")).toEqual({ alias: "z", target: "filed" });
  expect(await heard("z")).toBe('{"options":{"seed":4},"keep_alive":420,"model":"tiny:latest"}');
  // the one that was copied may go
  await removeAliases(stage, "x");
  expect(await heard("y", ',"options":{"seed":1}')).toContain('"seed":9007199254740991');
});
