/** What may not be written into the store is refused in Ollama's words, and for the first reason that there is. */

import { expect, test } from "bun:test";

import { setting } from "../../src/domain/amendment.ts";
import type { Entry } from "../../src/domain/entry.ts";
import { isProblem, statusOf } from "../../src/domain/problem.ts";
import { around, exact, prefix, verdict, type World } from "../support/alias-world.ts";

const circle = Array.from({ length: 11 }, (_, index) => exact(`c${index + 1}`, `c${index + 2}`));
const chain = Array.from({ length: 11 }, (_, index) => exact(`h${index + 1}`, `h${index + 2}`));

/** Everything that may be in the way. */
const world: World = {
  file: { taken: "tiny", "bad name!": "tiny", "taken-*": "tiny" },
  models: ["tiny", "taken", "real"],
  backends: ["attic"],
  stored: [...circle, ...chain, exact("back", "real")],
};

/** Each is wrong for its reason, and for one or more of those that come after it. */
const ladder: [entry: Entry, text: string, status: number][] = [
  [exact("", "also bad!"), "alias and target are required", 400],
  [exact("bad name!", ""), "alias and target are required", 400],
  [exact("bad name!", "tiny", ""), "alias and target are required", 400],
  [exact("bad name!", "also bad!"), 'target "also bad!" is invalid', 400],
  [
    { ...exact("bad name!", "tiny"), targets: [{ model: "tiny", backend: "cellar" }, "also bad!"] },
    'target "also bad!" is invalid',
    400,
  ],
  [
    { ...exact("bad name!", "tiny"), targets: [{ model: "tiny", backend: "cellar" }] },
    'no backend is called "cellar"',
    400,
  ],
  [exact("bad name!", "bad name!"), 'alias "bad name!" is invalid', 400],
  [exact("taken", "TAKEN:latest"), "alias cannot point to itself", 400],
  [exact("taken", "tiny"), 'alias "taken" is defined in the configuration file', 409],
  [prefix("taken-", "tiny"), 'alias "taken-" is defined in the configuration file', 409],
  [exact("real", "back"), 'alias "real" conflicts with existing model', 400],
  [exact("c12", "c1"), "alias cycle detected", 400],
  [exact("h12", "tiny"), "alias chain of more than 10 hops", 400],
];

test.each(ladder)("%j is refused: %s", (entry, text, status) => {
  const problem = setting(entry, around(world))(world.stored ?? []);
  expect(problem).toMatchObject({ text });
  expect(isProblem(problem) && statusOf(problem)).toBe(status);
});

test.each<[sentence: string, entry: Entry]>([
  ["the name of a model that nobody has yet", exact("new", "nobody:8b")],
  ["several targets", exact("new", "tiny", "nobody")],
  ["a target on a backend", { ...exact("new", "x"), targets: [{ model: "x", backend: "attic" }] }],
  ["its own name on a backend", { ...exact("new", "new"), targets: [{ model: "new", backend: "attic" }] }],
  ["an alias of the file", exact("new", "taken")],
  ["a name that only a pattern of the file matches", exact("taken-1", "tiny")],
  ["the last link of a chain of ten", exact("h11", "tiny")],
  ["a prefix of a model's name", prefix("real", "tiny")],
  ["a prefix of its own target", prefix("re", "real")],
  ["a prefix that is its own target", prefix("abc", "abc")],
  ["a prefix that is no name", prefix("bad name!", "tiny")],
  ["a star for a prefix", prefix("*", "tiny")],
  ["a folder for a prefix", prefix("models/", "tiny")],
  ["a prefix of a pattern that the file has", prefix("take", "tiny")],
])("%s is let in", (_, entry) => {
  expect(verdict(entry, world)).toBe("set");
});

test.each([
  "org/repo/file@q4",
  "lmstudio-community/Qwen3-GGUF/Qwen3-Q4_K_M.gguf@q4_k_m",
  "Meta-Llama-3.1-8B-Instruct.gguf",
  "unsloth/Qwen3-GGUF:UD-Q4_K_XL",
  "/srv/models/llama.gguf",
  "a/b/c/d/e",
  "name:2",
  "model=x,lora=y(1)+z#~",
])("%j is a target, for other engines have names of their own", (target) => {
  expect(verdict(exact("new", target), world)).toBe("set");
  expect(verdict(prefix("new-", target), world)).toBe("set");
});

test.each(["bad name?", "tíny", "tiny?x=1", "a\\b", "*", '"', "tiny\n8b", "tiny\u0000", "x".repeat(4097)])(
  "%j is no target, unless somebody has it",
  (target) => {
    expect(verdict(exact("new", target), world)).toEndWith("is invalid");
    const isName = !/[\n\0]/.test(target) && target.length <= 4096;
    if (!isName) return;
    expect(verdict(exact("new", target), { ...world, models: [target] })).toBe("set");
    expect(verdict(exact("new", target), { ...world, file: { [target]: "tiny" } })).toBe(
      target === "*" ? 'target "*" is invalid' : "set",
    );
  },
);

test.each([
  "a/b/c/d",
  "-x",
  "x:",
  ":x",
  "x/",
  "x@q4",
  "ollama.com/bad space/x",
  "ｆａｓｔ",
  "x".repeat(81),
  "a\tb",
])("%j is no name for an alias, though another engine's model may have it", (alias) => {
  expect(verdict(exact(alias, "tiny"), world)).toEndWith("is invalid");
});

test.each(["a\tb", "a\u0000", "a\u0085", "x".repeat(4097)])("%j is no prefix", (alias) => {
  expect(verdict(prefix(alias, "tiny"), world)).toEndWith("is invalid");
});

test("a long name is cut where it is quoted", () => {
  expect(verdict(exact("x".repeat(1_000_000), "tiny"), world)).toBe(`alias "${"x".repeat(200)}…" is invalid`);
});
