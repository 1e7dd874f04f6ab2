/** Two names are the same exactly where Ollama takes them for the same. */

import { describe, expect, test } from "bun:test";

import { bareName, fold, isName, keyOf, shortName, taggedName } from "../../src/domain/name.ts";
import { capturedTable } from "../support/captures.ts";
import { forSeeds, type Random } from "../support/random.ts";

/** What a real Ollama answered to /api/show and /api/chat for each spelling, while it had a model "tiny". */
const spellings = capturedTable("ollama-names.tsv").map(([sent = "", show = "", chat = ""]) => ({
  name: JSON.parse(sent) as string,
  known: show === "200" && chat.startsWith("200"),
}));

// ":local" says where a model runs, it is no part of its name: see source.test.ts
const [named, placed] = [
  spellings.filter(({ name }) => !/:local$/i.test(name)),
  spellings.filter(({ name }) => /:local$/i.test(name)),
];

test("the spellings that Ollama was asked about are all there", () => {
  expect(spellings.length).toBe(44);
  expect(placed.length).toBe(3);
});

test.each(named.filter(({ known }) => known).map(({ name }) => [name]))("%j is the model tiny", (name) => {
  expect(keyOf(name)).toBe(keyOf("tiny"));
});

test.each(named.filter(({ known }) => !known).map(({ name }) => [name]))(
  "%j is not the model tiny",
  (name) => {
    expect(keyOf(name)).not.toBe(keyOf("tiny"));
  },
);

test.each([
  ["registry.ollama.ai/mike/llama3", "mike/llama3:latest"],
  ["Registry.Ollama.AI/mike/llama3:8b", "MIKE/LLAMA3:8B"],
  ["hf.co/Org/Repo-GGUF:Q4_K_M", "hf.co/org/repo-gguf:q4_k_m"],
  ["hf.co/org/repo", "hf.co/org/repo:latest"],
  ["localhost:5000/library/tiny", "localhost:5000/library/tiny:latest"],
  ["org/repo/x@q4", "org/repo/X@Q4"],
  ["Meta-Llama-3.1-8B-Instruct.gguf", "meta-llama-3.1-8b-instruct.gguf"],
  ["模型", "模型:latest"],
  ["library", "library/library"],
])("%j and %j are the same", (a, b) => {
  expect(keyOf(a)).toBe(keyOf(b));
});

test.each([
  ["qwen3:32b", "qwen3:4b"],
  ["qwen3", "qwen3:32b"],
  ["hf.co/library/tiny", "tiny"],
  ["localhost:5000/library/tiny", "tiny"],
  ["registry.ollama.ai/tiny", "tiny"],
  ["library/org/tiny", "org/tiny"],
  ["library/library/tiny", "library/tiny"],
  ["registry.ollama.ai/org/library/tiny", "org/library/tiny"],
  ["a/b:latest/c", "a/b/c"],
  ["tiny-latest", "tiny"],
  ["tiny:latests", "tiny"],
  ["t iny", "tiny"],
  [":latest", ""],
  ["tiny:", "tiny"],
])("%j and %j are two models", (a, b) => {
  expect(keyOf(a)).not.toBe(keyOf(b));
});

describe("letters of other scripts are never taken for Latin ones", () => {
  test.each([
    ["the Kelvin sign", "\u212aimi", "kimi"],
    ["a long s", "mi\u017ftral", "mistral"],
    ["a dotless i", "t\u0131ny", "tiny"],
    ["a capital I with a dot", "t\u0130ny", "tiny"],
    ["a Cyrillic a", "ll\u0430ma", "llama"],
    ["a full-width letter", "\uff54iny", "tiny"],
    ["an accent", "ti\u0301ny", "tíny"],
    ["a soft hyphen", "ti\u00adny", "tiny"],
    ["a zero-width space", "ti\u200bny", "tiny"],
  ])("%s: %j is not %j", (_, lookAlike, name) => {
    expect(keyOf(lookAlike)).not.toBe(keyOf(name));
    expect(fold(lookAlike).length).toBe(lookAlike.length);
  });
});

test.each([
  [" Library/Tiny ", "Tiny"],
  ["REGISTRY.ollama.ai/library/Tiny:V2", "Tiny:V2"],
  ["https://registry.ollama.ai/library/tiny", "tiny"],
  ["Org/Repo/X@Q4", "Org/Repo/X@Q4"],
  ["/", "/"],
  ["", ""],
])("the short form of %j is %j", (name, short) => {
  expect(shortName(name)).toBe(short);
});

test.each([
  ["tiny", "tiny:latest"],
  ["library/Tiny", "Tiny:latest"],
  ["tiny:8b", "tiny:8b"],
  ["localhost:5000/org/tiny", "localhost:5000/org/tiny:latest"],
])("lists spell %j as %j", (name, tagged) => {
  expect(taggedName(name)).toBe(tagged);
});

test.each(["tiny", " tiny ", "bad name!", "*", "a/b/c/d", "tíny", "🦙", "a\u00a0b"])(
  "%j can be asked for",
  (text) => {
    expect(isName(text)).toBe(true);
  },
);

test.each([
  ["nothing", ""],
  ["a blank", " "],
  ["blanks of other kinds", " \u00a0\u3000 "],
  ["a tab", "\t"],
  ["a line break", "a\nb"],
  ["a return at its end", "a\r"],
  ["a null", "\0"],
  ["a terminal's escape sequence", "a\x1b[2J"],
  ["a delete", "tiny\x7f"],
  ["the first control character behind ASCII", "\x80"],
  ["the last one", "a\x9fb"],
])("a name with %s cannot be asked for", (_, text) => {
  expect(isName(text)).toBe(false);
});

test("a name of 10 kB is compared like any other", () => {
  const long = "Aé".repeat(5000);
  expect(keyOf(`library/${long}:latest`)).toBe(keyOf(long.replaceAll("A", "a")));
  expect(keyOf(`${long}x`)).not.toBe(keyOf(long));
});

test("a name of 4096 characters can be asked for, and a longer one cannot", () => {
  expect(isName("x".repeat(4096))).toBe(true);
  expect(isName("x".repeat(4097))).toBe(false);
});

test("every way to spell a name leads to the same model, and another name does not", () => {
  forSeeds(500, (random) => {
    const name = `m${random.below(1000)}`;
    const tag = random.pick(["", ":latest", ":8b"]);
    expect(keyOf(spelled(name, tag, random))).toBe(keyOf(name + tag));
    expect(keyOf(spelled(`${name}x`, tag, random))).not.toBe(keyOf(name + tag));
    expect(keyOf(spelled(name, ":70b", random))).not.toBe(keyOf(name + tag));
  });
});

function spelled(name: string, tag: string, random: Random): string {
  const host = random.pick(["", "", "registry.ollama.ai/", "http://registry.ollama.ai/"]);
  const namespace = host !== "" || random.chance(0.5) ? "library/" : "";
  const text = `${host}${namespace}${name}${tag === "" && random.chance(0.5) ? ":latest" : tag}`;
  const letters = [...text].map((letter) => (random.chance(0.5) ? letter.toUpperCase() : letter));
  return random.pick(["", " "]) + letters.join("") + random.pick(["", "  "]);
}

test("whatever is put in front of a name and behind it, the key is that of its short form in lower case", () => {
  const fronts = [
    "",
    "library/",
    "LIBRARY/",
    "registry.ollama.ai/",
    "Registry.Ollama.AI/library/",
    "org/",
    " ",
  ];
  const schemes = ["", "", "https://", "HTTP://", "ftp://", "\t"];
  const middles = ["m", "Qwen3", "Kelvin", "ſtrange", "ИМЯ", "a:b", "library", "registry.ollama.ai", ""];
  const ends = ["", ":latest", ":LATEST", ":8b", ":latest:latest", "/library/x", ":lateſt", " ", "\n"];
  forSeeds(5000, (random) => {
    const name = [schemes, fronts, fronts, middles, ends].map((parts) => random.pick(parts)).join("");
    expect([name, keyOf(name)]).toEqual([name, fold(bareName(name))]);
  });
});
