/** `ollama cp` makes an alias of whatever can be asked for: at once, on any engine, and without a word to it. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";

import { aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import { type RawBackend, rawBackend } from "../support/backend.ts";
import { type ManagingOllama, managingOllama } from "../support/managing.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { routerOver } from "../support/over.ts";
import { say } from "../support/say.ts";

let ollama: ManagingOllama;
let other: RawBackend;
let router: Mellamo;
beforeAll(async () => {
  ollama = await managingOllama(["tiny", "hf.co/org/repo:Q4"]);
  other = await rawBackend(["org/repo/file@q4", "Solo"], (talk) => talk.answer(200, "{}"));
  router = await routerOver(
    { ollama: { url: ollama.url, engine: "ollama" }, other: { url: other.url, engine: "openai" } },
    '[health]\nprobe_interval = "1h"\n[aliases]\nFast = "tiny"\n"gpt-*" = "solo"\nlost = "nobody"\n',
  );
});
afterEach(async () => {
  const stored = (await aliasList(router, "verbose")).filter(({ source }) => source === "stored");
  await removeAliases(router, ...stored.map(({ alias }) => alias));
  expect([...ollama.deeds, ...other.talks]).toEqual([]);
});
afterAll(async () => {
  await Promise.all([router, ollama, other].map((one) => one[Symbol.asyncDispose]()));
});

/** Status and words; the words are "" where it is done. */
async function cp(source: string, destination: string): Promise<string> {
  const answer = await say(router.port, "POST /api/copy", [], JSON.stringify({ source, destination }));
  if (answer.status !== 200)
    return `${answer.status} ${(JSON.parse(answer.body) as { error: string }).error}`;
  expect([answer.body, answer.headers.get("content-length")]).toEqual(["", "0"]);
  expect(answer.headers.get("content-type")).toBeNull();
  return "200";
}

async function stored(): Promise<object[]> {
  const configured = ["Fast", "gpt-", "lost"];
  return (await aliasList(router)).filter(({ alias }) => !configured.includes(alias));
}

test.each([
  ["tiny", "tiny"],
  ["TINY:latest", "TINY"],
  ["hf.co/org/repo:Q4", "hf.co/org/repo:Q4"],
  ["org/repo/file@q4", "org/repo/file@q4"],
  ["solo", "solo"],
  ["fast", "fast"],
  ["gpt-4o", "gpt-4o"],
])("from a model, an alias of the file, or what a pattern matches: %s", async (source, target) => {
  expect(await cp(source, "mine:v1")).toBe("200");
  expect(await stored()).toEqual([{ alias: "mine:v1", target }]);
  const list = await (await fetch(`${router.url}/v1/models`)).text();
  expect(list).toContain('"mine:v1"');
});

test("over an alias it puts the new one in its place, with nothing that the old one said", async () => {
  await setAliases(router, { alias: "mine", targets: ["solo", "tiny"], strategy: "order", listed: false });
  expect(await cp("tiny", "MINE:latest")).toBe("200");
  expect(await stored()).toEqual([{ alias: "MINE", target: "tiny" }]);
});

test("of a stored alias it makes another that says the same, and depends on the first in nothing", async () => {
  const said = { targets: ["tiny", { model: "Solo", backend: "other" }], strategy: "order", echo: false };
  await setAliases(router, { alias: "mine", ...said });
  expect(await cp("Mine", "yours")).toBe("200");
  await setAliases(router, { alias: "mine", target: "solo" });
  expect(await stored()).toEqual([
    { alias: "mine", target: "solo" },
    { alias: "yours", target: "tiny", ...said },
  ]);
});

test("of a name and a prefix that are spelled alike the name is copied", async () => {
  await setAliases(
    router,
    { alias: "MINE", target: "solo", prefix_matching: true },
    { alias: "mine", target: "tiny" },
  );
  expect(await cp("mine", "yours")).toBe("200");
  expect(await stored()).toContainEqual({ alias: "yours", target: "tiny" });
});

test("a stored alias of what nobody has can be copied, and so renamed", async () => {
  await setAliases(router, { alias: "mine", target: "nobody" });
  expect(await cp("mine", "yours")).toBe("200");
  expect(await stored()).toContainEqual({ alias: "yours", target: "nobody" });
});

test("onto itself, in whatever spelling, changes nothing", async () => {
  const mine = { alias: "mine", target: "tiny", echo: false };
  await setAliases(router, mine);
  expect(await cp("mine", "library/MINE:latest")).toBe("200");
  expect(await stored()).toEqual([mine]);
  expect(await cp("tiny", "Tiny")).toBe("200");
  expect(await stored()).toEqual([mine]);
});

test.each(["tiny", "TINY:latest", "library/tiny", "solo", "hf.co/org/repo:q4"])(
  "over the model %s it is refused, whatever engine has that",
  async (model) => {
    await setAliases(router, { alias: "mine", target: "nobody" });
    expect(await cp("mine", model)).toBe(`400 alias "${model}" conflicts with existing model`);
    expect(await cp("gpt-4", model)).toBe(`400 alias "${model}" conflicts with existing model`);
  },
);

test("from what nobody knows it is refused, and so it is from an alias of the file that leads nowhere", async () => {
  expect(await cp("nosuch", "mine")).toBe('404 model "nosuch" not found');
  expect(await cp("lost", "mine")).toStartWith('404 model "lost" not found');
  expect(await stored()).toEqual([]);
});

test.each(["", "bad name!", "a/b/c/d", "x*", " spaced ", "x\u0000y", "x:"])(
  "to %j, which is no name, it is refused",
  async (destination) => {
    expect(await cp("tiny", destination)).toBe(`400 destination ${JSON.stringify(destination)} is invalid`);
  },
);

test("from a model whose engine has stopped it makes an alias, too", async () => {
  await other.stop();
  expect(await cp("solo", "mine")).toBe("200");
  await other.start();
  expect(await stored()).toEqual([{ alias: "mine", target: "solo" }]);
});

test("from a model that came up since the last look it makes an alias", async () => {
  other.list(["org/repo/file@q4", "Solo", "late"]);
  expect(await cp("late", "mine")).toBe("200");
  other.list(["org/repo/file@q4", "Solo"]);
});

test("a stored alias keeps a pattern of the file from answering to its name", async () => {
  expect(await cp("tiny", "gpt-4")).toBe("200");
  const resolved = await fetch(`${router.url}/mellamo/resolve?model=gpt-4`);
  expect(await resolved.json()).toMatchObject({ candidates: [{ backend: "ollama", model: "tiny:latest" }] });
});

test("over a model is refused, whatever is copied", async () => {
  await setAliases(router, { alias: "mine", target: "tiny" });
  for (const source of ["mine", "hf.co/org/repo:Q4"])
    expect(await cp(source, "tiny")).toBe('400 alias "tiny" conflicts with existing model');
  expect(await stored()).toEqual([{ alias: "mine", target: "tiny" }]);
});

test("onto the very alias that is stood for changes nothing", async () => {
  await setAliases(router, { alias: "one", target: "tiny" }, { alias: "two", target: "one" });
  expect(await cp("two", "one")).toBe("200");
  expect(await stored()).toEqual([
    { alias: "one", target: "tiny" },
    { alias: "two", target: "one" },
  ]);
});
