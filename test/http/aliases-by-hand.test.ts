/** A store that was written by hand, with mistakes, stops neither the alias API nor any model: an Ollama's did both. */

import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { aliasCall, aliasList, type AliasRow, setAliases } from "../support/alias-api.ts";
import { aliasStage } from "../support/alias-stage.ts";
import { captured, capturedText } from "../support/captures.ts";

const BY_HAND = capturedText("ollama-alias-serverjson-edited-by-hand.json");

test("names are listed as an Ollama lists them, the last of several spellings, and those that only others can have", async () => {
  await using stage = await aliasStage({ store: BY_HAND });
  const { aliases } = captured("ollama-alias-file-list") as { aliases: AliasRow[] };
  const others = [
    { alias: "bad name!", target: "tiny" },
    { alias: "badtarget", target: "bad name!" },
  ];
  expect(await aliasList(stage)).toEqual([...aliases.slice(0, 1), ...others, ...aliases.slice(1)]);
  expect(await stage.ask("KEPT")).toBe("other:latest");
  expect(await stage.ask("bad name!")).toBe("tiny:latest");
});

test("a cycle is nobody's business but that of whoever asks for it", async () => {
  await using stage = await aliasStage({ store: BY_HAND });
  expect(await stage.ask("loop1")).toBe("404 model 'loop1' not found: alias cycle detected");
  expect(await stage.ask("tiny")).toBe("tiny:latest");
  expect(await stage.ask("extra")).toBe("tiny:latest");
  const into = await aliasCall(stage, "POST", { alias: "x", target: "loop1" });
  expect(into).toMatchObject({ status: 400, body: { error: "alias cycle detected" } });
  await setAliases(stage, { alias: "loop2", target: "tiny" });
  expect(await stage.ask("loop1")).toBe("tiny:latest");
});

test("whatever else stands there survives a change, beside the aliases and within them", async () => {
  await using stage = await aliasStage({ store: BY_HAND });
  await setAliases(stage, { alias: "new", target: "tiny" }, { alias: "extra", target: "other" });
  const before = JSON.parse(BY_HAND) as { aliases: { alias: string }[] };
  const aliases = before.aliases.map((entry) =>
    entry.alias === "extra" ? { ...entry, target: "other" } : entry,
  );
  expect(JSON.parse((await stage.stored()) ?? "")).toEqual({
    ...before,
    aliases: [...aliases, { alias: "new", target: "tiny" }],
  });
});

test.each(["{bad", "[]", "5", '{"aliases":{}}', '{"version":1,"aliases":[{"alias":"fast"'])(
  "what is no store is set aside, and all goes on: %s",
  async (text) => {
    await using stage = await aliasStage({ store: text });
    await stage.router.log.until(/event="alias store" .*set aside as/);
    expect(await stage.ask("tiny")).toBe("tiny:latest");
    expect(await aliasList(stage)).toEqual([]);
    await setAliases(stage, { alias: "new", target: "tiny" });
    expect(await aliasList(stage)).toEqual([{ alias: "new", target: "tiny" }]);
    const folder = dirname(stage.store);
    const aside = (await readdir(folder)).filter((file) => file.startsWith("server.json.broken-"));
    expect(await Promise.all(aside.map((file) => readFile(join(folder, file), "utf8")))).toEqual([text]);
  },
);

test("a store of a later layout is left alone: models are served, aliases cannot be changed", async () => {
  const later = '{"version":2,"aliases":[{"alias":"fast","target":"tiny"}]}';
  await using stage = await aliasStage({ store: later });
  expect(await stage.ask("tiny")).toBe("tiny:latest");
  expect(await aliasList(stage)).toEqual([]);
  const set = await aliasCall(stage, "POST", { alias: "new", target: "tiny" });
  expect(set).toMatchObject({
    status: 503,
    body: { error: expect.stringContaining("unsupported router config version 2") },
  });
  expect(await stage.stored()).toBe(later);
});

test("entries that cannot be read stay where they are, without effect on the others", async () => {
  const entries = [{ alias: "fast", target: "tiny" }, 5, { alias: 1 }, { alias: "odd", target: ["x"] }, null];
  await using stage = await aliasStage({ store: JSON.stringify({ version: 1, aliases: entries }) });
  await stage.router.log.until(/event="alias store" .*cannot be read, and have no effect: 4/);
  expect(await aliasList(stage)).toEqual([{ alias: "fast", target: "tiny" }]);
  await setAliases(stage, { alias: "new", target: "tiny" });
  const { aliases } = JSON.parse((await stage.stored()) ?? "") as { aliases: unknown[] };
  expect(aliases).toEqual([...entries, { alias: "new", target: "tiny" }]);
});
