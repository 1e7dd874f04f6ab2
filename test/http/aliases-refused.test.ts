/** What cannot be an alias is refused in Ollama's words, on both paths, and leaves the store as it is. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";

import { ALIAS_PATHS, aliasCall, setAliases } from "../support/alias-api.ts";
import { type AliasStage, aliasStage } from "../support/alias-stage.ts";

let stage: AliasStage;
let before: string | undefined;
beforeAll(async () => {
  stage = await aliasStage({ toml: '[models]\npinned = "box"\n' });
  await setAliases(stage, { alias: "mine", target: "tiny" });
  before = await stage.stored();
});
afterEach(async () => {
  expect(await stage.stored()).toBe(before);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.each(ALIAS_PATHS)("%s", (path) => {
  async function refusal(method: "POST" | "DELETE", body: object): Promise<string> {
    const answer = await aliasCall(stage, method, body, path);
    expect(answer).toEqual({ status: 400, body: { error: expect.any(String) }, warning: null });
    return (answer.body as { error: string }).error;
  }

  test.each([
    {},
    { alias: "x" },
    { target: "tiny" },
    { alias: "", target: "tiny" },
    { alias: "x", target: "" },
    { alias: " \t", target: "tiny" },
    { alias: "x", target: "  " },
    { alias: null, target: "tiny" },
    { alias: "x", target: null },
    { alias: "", target: "tiny", prefix_matching: true },
    { alias: "x", targets: [] },
    { alias: "x", targets: [""] },
    { alias: "x", targets: ["tiny", " "] },
    { alias: "x", targets: [{ model: "" }] },
    { alias: "", targets: ["tiny"] },
  ])("names are missing: %j", async (entry) => {
    expect(await refusal("POST", entry)).toBe("alias and target are required");
  });

  test.each([{}, { alias: "" }, { alias: "  " }, { alias: null }, { model: "mine" }, { target: "tiny" }])(
    "whose alias is to go is missing: %j",
    async (body) => {
      expect(await refusal("DELETE", body)).toBe("alias is required");
    },
  );

  const INVALID = [
    ...["bad name!", "a/b/c/d", "x*", "*", "-x", ".x", "x:", ":x", "/x", "x/", "x//y", "x:y:z", "x@q4"],
    ...["a.b/c", "library/", "tíny", "x:latest:latest", "x y", `${"x".repeat(81)}`, "x\u0000y", "x\u0085"],
  ];

  test.each(INVALID)("%j is no name for an alias", async (alias) => {
    expect(await refusal("POST", { alias, target: "tiny" })).toBe(
      `alias ${JSON.stringify(alias)} is invalid`,
    );
  });

  test.each(["bad name!", "x y", "tíny", "x*", "gpt-*", "x\u0000y", "a\nb", "{}", '"', "x?y", "x\\y"])(
    "%j is no name for a target, be it of a prefix or one of several",
    async (target) => {
      const words = `target ${JSON.stringify(target)} is invalid`;
      expect(await refusal("POST", { alias: "x", target })).toBe(words);
      expect(await refusal("POST", { alias: "x", target, prefix_matching: true })).toBe(words);
      expect(await refusal("POST", { alias: "x", targets: ["tiny", target] })).toBe(words);
      expect(await refusal("POST", { alias: "x", targets: [{ model: target }] })).toBe(words);
    },
  );

  test.each(["me", "ME", "me:latest", "library/me", "registry.ollama.ai/library/me:latest", " me "])(
    "an alias cannot point to itself as %j, nor can one of its targets",
    async (target) => {
      expect(await refusal("POST", { alias: "me", target })).toBe("alias cannot point to itself");
      expect(await refusal("POST", { alias: target, target: "me" })).toBe("alias cannot point to itself");
      const several = { alias: "me", targets: ["tiny", target] };
      expect(await refusal("POST", several)).toBe("alias cannot point to itself");
    },
  );

  test.each([
    ...["tiny", "TINY", "tiny:latest", "Tiny:LATEST", "library/tiny", "LIBRARY/tiny", "other"],
    ...["registry.ollama.ai/library/tiny", "Registry.Ollama.AI/Library/Tiny:Latest"],
    ...["https://registry.ollama.ai/library/tiny", "pinned"],
  ])("an alias cannot be called as a model is: %s", async (alias) => {
    const words = `alias "${alias}" conflicts with existing model`;
    expect(await refusal("POST", { alias, target: "nosuch" })).toBe(words);
    expect(await refusal("POST", { alias: ` ${alias} `, target: "nosuch" })).toBe(words);
  });

  test("a target can only be on a backend that there is", async () => {
    const entry = { alias: "x", targets: [{ model: "tiny", backend: "attic" }] };
    expect(await refusal("POST", entry)).toBe('no backend is called "attic"');
  });

  test("whatever is wrong with both names, the target's fault is told", async () => {
    expect(await refusal("POST", { alias: "bad!", target: "bad?" })).toBe('target "bad?" is invalid');
  });

  test.each(["nosuch", "bad name!", "mine2", "a/b/c/d", "tiny", "min", "mine:v1", "x\u0000y"])(
    "%j cannot be deleted where it is no alias",
    async (alias) => {
      const answer = await aliasCall(stage, "DELETE", { alias }, path);
      const error = `alias ${JSON.stringify(alias)} not found`;
      expect(answer).toEqual({ status: 404, body: { error }, warning: null });
    },
  );
});
