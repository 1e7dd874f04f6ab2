/** Aliases lead to models that `[listing] only` hides, and may bear their names. */

import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";

import { aliasList, removeAliases, setAliases } from "../support/alias-api.ts";
import type { RawBackend } from "../support/backend.ts";
import type { Mellamo } from "../support/mellamo.ts";
import { answerers, everywhere, listsOf, statuses, tellingOllama } from "../support/only-stage.ts";
import { routerOver } from "../support/over.ts";

setDefaultTimeout(20_000);

const MODELS = ["hidden:latest", "big:70b", "gpt-big:latest", "named:latest", "dead-model:latest", "lost:1b"];

let attic: RawBackend;
let cellar: RawBackend;
let router: Mellamo;

beforeAll(async () => {
  attic = await tellingOllama("attic", MODELS);
  cellar = await tellingOllama("cellar", MODELS);
  router = await routerOver(
    {
      attic: { url: attic.url, engine: "ollama", priority: 200 },
      cellar: { url: cellar.url, engine: "ollama" },
    },
    [
      "[listing]",
      'only = "configured"',
      "[aliases]",
      'fast = "hidden"',
      'chain = "fast"',
      'there = { targets = [{ model = "big:70b", backend = "cellar" }] }',
      '"gpt-*" = "big:70b"',
      '"any/*" = "*"',
      'named = "named"',
      'secret = { targets = ["hidden"], listed = false }',
      'dead = "nobody"',
      '"dead-*" = "nobody"',
      '"lost:1b" = "nobody"',
    ].join("\n"),
  );
});

afterAll(async () => {
  await Promise.all([router, attic, cellar].map((one) => one[Symbol.asyncDispose]()));
});

test.each([
  ["one of the file", "fast", "attic hidden:latest"],
  ["a chain", "chain", "attic hidden:latest"],
  ["one whose target is on a backend", "there", "cellar big:70b"],
  ["a pattern", "gpt-4o", "attic big:70b"],
  ["a pattern that matches a hidden model's own name", "gpt-big", "attic big:70b"],
  ["a pattern whose target is what it matched", "any/hidden", "attic hidden:latest"],
  ["one that bears the name of its hidden model", "named", "attic named:latest"],
  ["that one, spelled otherwise", "NAMED:latest", "attic named:latest"],
  ["one that lists do not show", "secret", "attic hidden:latest"],
])("%s leads to a hidden model on every path: %s", async (_, name, answer) => {
  expect(await answerers(router, name)).toEqual([answer]);
  expect(await statuses(router, name)).toEqual(everywhere(200));
});

test("lists show the aliases, and none of the models behind them", async () => {
  const names = ["chain", "fast", "named", "there"];
  const { tags, models } = await listsOf(router);
  expect([tags.map((name) => name.replace(/:latest$/, "")), models]).toEqual([names, names]);
});

test("the model that an alias stands for stays unknown by its own name", async () => {
  for (const name of ["hidden", "big:70b"]) expect(await answerers(router, name, 1)).toEqual(["404"]);
});

describe("one that was set", () => {
  afterEach(async () => {
    const set = (await aliasList(router, "verbose")).filter(({ source }) => source === "stored");
    await removeAliases(router, ...set.map(({ alias }) => alias));
  });

  test("leads to a hidden model", async () => {
    await setAliases(router, { alias: "mine", target: "hidden" });
    expect(await answerers(router, "mine")).toEqual(["attic hidden:latest"]);
  });

  test("may bear the name of a hidden model, and is what that name means", async () => {
    await setAliases(router, { alias: "hidden", target: "big:70b" });
    expect(await answerers(router, "hidden")).toEqual(["attic big:70b"]);
    expect(await statuses(router, "Hidden:latest")).toEqual(everywhere(200));
    expect(await aliasList(router, "verbose")).toContainEqual(
      expect.not.objectContaining({ alias: "hidden", shadowed_by: expect.anything() }),
    );
    expect((await listsOf(router)).models).toContain("hidden");
  });

  test("for a prefix leads to hidden models, also where their names begin so", async () => {
    await setAliases(router, { alias: "hid", prefix_matching: true, target: "big:70b" });
    expect(await answerers(router, "hidden")).toEqual(["attic big:70b"]);
  });
});

test.each([
  ["one", "dead"],
  ["a pattern", "dead-end"],
  ["a pattern, where it matches a hidden model's name,", "dead-model"],
  ["one that bears a hidden model's name", "lost:1b"],
])("%s whose target is nowhere leads to no hidden model: %s", async (_, name) => {
  expect(await answerers(router, name, 1)).toEqual(["404"]);
});
