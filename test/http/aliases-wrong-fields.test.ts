/** Every field of an alias has a type, and is refused in the words of Go's decoder where it has another; names that merely look like others are others. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, aliasList, removeAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

const GO_TYPES = {
  alias: "string",
  target: "string",
  prefix_matching: "bool",
  targets: "[]server.aliasTarget",
  strategy: "string",
  listed: "bool",
  echo: "bool",
} as const;

const VALUES: Readonly<Record<string, unknown>> = {
  string: "tiny",
  number: 1,
  bool: true,
  object: { model: "tiny" },
  array: ["tiny"],
};

/** The JSON type that each field takes. */
const TAKEN: Readonly<Record<string, string>> = {
  string: "string",
  bool: "bool",
  [GO_TYPES.targets]: "array",
};

const WRONG = Object.entries(GO_TYPES).flatMap(([field, goType]) =>
  Object.keys(VALUES)
    .filter((type) => type !== TAKEN[goType])
    .map((type) => [field, type, goType] as const),
);

let stage: AliasStage;
beforeAll(async () => {
  stage = await aliasStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function refusal(entry: unknown, path: string = ALIAS_PATHS[0]): Promise<string> {
  const { status, body } = await aliasCall(stage, "POST", entry, path);
  expect([status, Object.keys(body as object)]).toEqual([400, ["error"]]);
  return (body as { error: string }).error;
}

describe("nothing is kept", () => {
  afterEach(async () => {
    expect(await stage.stored()).toBeUndefined();
  });

  describe.each(ALIAS_PATHS)("%s", (path) => {
    test.each(WRONG)("%s that is a JSON %s", async (field, type, goType) => {
      const entry = { alias: "x", target: "tiny", [field]: VALUES[type] };
      const words = `json: cannot unmarshal ${type} into Go struct field aliasEntry.${field} of type ${goType}`;
      expect(await refusal(entry, path)).toBe(words);
      const removal = await aliasCall(stage, "DELETE", entry, path);
      expect(removal).toMatchObject({ status: 400, body: { error: words } });
    });
  });

  const NO_TARGETS = [5, null, true, {}, [], ["tiny"], { model: 5 }, { model: null }, { backend: "box" }];

  test.each(NO_TARGETS.map((target) => [JSON.stringify(target), target] as const))(
    "a target that is %s, alone or among others",
    async (_, target) => {
      const words =
        'targets must be names, or objects with "model", "backend" and "weight" (a number from 0.001 to 1000)';
      expect(await refusal({ alias: "x", targets: [target] })).toBe(words);
      expect(await refusal({ alias: "x", targets: ["tiny", target, "other"] })).toBe(words);
    },
  );

  test.each<object>([
    { weight: 0 },
    { weight: "3" },
    { backend: 5 },
    { backend: null },
    { options: {} },
    { toString: "x" },
  ])("a target that says more than is understood: %j", async (more) => {
    const entry = { alias: "x", targets: [{ model: "tiny", ...more }] };
    expect(await refusal(entry)).toStartWith("targets must be names");
  });

  test.each(["", "POOL", "Order", "random", " order "])("the strategy %j", async (strategy) => {
    const entry = { alias: "x", target: "tiny", strategy };
    expect(await refusal(entry)).toBe('strategy must be "pool" or "order"');
  });

  test("a target that is not the first of the targets", async () => {
    const entry = { alias: "x", target: "tiny", targets: ["other", "tiny"] };
    expect(await refusal(entry)).toBe("target must be the first of targets");
  });

  test.each([1000, 100_000])("%d targets", async (count) => {
    const targets = Array.from({ length: count }, () => "tiny");
    expect(await refusal({ alias: "x", targets })).toBe("more than 999 targets");
  });

  test.each([
    '{"alias":"x","targets":[{"model":"tiny","__proto__":{"backend":"box"}}]}',
    '{"alias":"x","__proto__":{"target":"tiny"}}',
    '{"__proto__":{"alias":"x"},"target":"tiny"}',
    '{"constructor":{"prototype":{"alias":"x"}},"target":"tiny"}',
  ])("nobody's prototype: %s", async (body) => {
    expect(await refusal(body)).toMatch(/^(alias and target are required|targets must be names)/);
  });

  test.each([
    "tıny",
    "ＴＩＮＹ",
    "tiny\u200b",
    "t\u0456ny",
    "ti\u0301ny",
    "tiny\u00a0x",
    "\u212aey",
    "\ud800",
    "🦙",
  ])("%j, which may look like a name", async (alias) => {
    expect(await refusal({ alias, target: "other" })).toBe(`alias ${JSON.stringify(alias)} is invalid`);
    const words = `target ${JSON.stringify(alias)} is invalid`;
    expect(await refusal({ alias: "x", target: alias })).toBe(words);
  });

  test.each(["\u0000", "a\u0000b", "a\nb", "\u001b[31m", "a\u007f", "a\u0085b"])(
    "the prefix %j, for nobody can ask for a name that begins so",
    async (alias) => {
      const entry = { alias, target: "tiny", prefix_matching: true };
      expect(await refusal(entry)).toBe(`alias ${JSON.stringify(alias)} is invalid`);
    },
  );

  test("a prefix that is longer than any name may be", async () => {
    const entry = { alias: "x".repeat(4097), target: "tiny", prefix_matching: true };
    expect(await refusal(entry)).toBe(`alias "${"x".repeat(200)}…" is invalid`);
  });
});

describe("names that mean something to programs are names as any other", () => {
  test.each([
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "undefined",
    "null",
    "NaN",
    "true",
    "0",
  ])("%s", async (alias) => {
    expect(await aliasCall(stage, "POST", { alias, target: "tiny" })).toMatchObject({
      status: 200,
      body: { alias, target: "tiny" },
    });
    expect(await aliasList(stage)).toEqual([{ alias, target: "tiny" }]);
    expect(await stage.ask(alias)).toBe("tiny:latest");
    await removeAliases(stage, alias);
  });

  test("a prefix may hold any letters, and only those match it", async () => {
    const entry = { alias: "modèle-", target: "tiny", prefix_matching: true };
    expect(await aliasCall(stage, "POST", entry)).toMatchObject({ status: 200, body: entry });
    expect(await stage.ask("modèle-1")).toBe("tiny:latest");
    expect(await stage.ask("modele-1")).toStartWith("404");
    expect(await stage.ask("mod\u0065\u0300le-1")).toStartWith("404");
    await removeAliases(stage, "modèle-");
  });
});
