/** The commonest mistakes are told with what was probably meant. */

import { expect, test } from "bun:test";

import { mistakesOf } from "../support/reading.ts";

test.each([
  [
    "a dotted name without quotes",
    '[aliases]\nllama3.1 = "x"',
    '2:1: aliases.llama3: a name with a dot needs quotes: "llama3.1"',
  ],
  [
    "a pin of a dotted name",
    '[[backend]]\nname = "b"\nurl = "http://b"\n[models]\nqwen2.5 = "b"',
    '5:1: models.qwen2: a name with a dot needs quotes: "qwen2.5"',
  ],
  [
    "a pattern without quotes",
    '[aliases]\nclaude-* = "x"',
    '2:8: invalid TOML: illegal character in key (a name with such characters needs quotes: "claude-*")',
  ],
  [
    "a missing quote",
    '[aliases]\na = "x\nb = "y"',
    "2:7: invalid TOML: control characters are not allowed in strings (is a closing quote missing?)",
  ],
  ["a text without quotes", "[aliases]\na = x", "2:5: invalid TOML: invalid value (texts need quotes)"],
  [
    "a missing brace",
    '[aliases]\na = "${X"',
    '2:1: aliases.a: a "${" without its "}" ("$${" stands for one that is meant as it is)',
  ],
  ["a key of another section", 'listen = ":1"', "1:1: listen: unknown key, it belongs below [server]"],
  [
    "a key of the probes",
    'probe_interval = "1s"',
    "1:1: probe_interval: unknown key, it belongs below [health]",
  ],
  [
    "a URL without its beginning",
    '[[backend]]\nurl = "10.0.0.1:11434"',
    "2:1: backend.0.url: expected a URL: put http:// or https:// in front",
  ],
  [
    "a pin of a pattern",
    '[[backend]]\nname = "b"\nurl = "http://b"\n[models]\n"llama*" = "b"',
    '5:1: models."llama*": expected the exact name of a model: a "*" stands for nothing here',
  ],
])("%s", (_, toml, mistake) => {
  expect(mistakesOf(toml)).toEqual([mistake]);
});

test("a mistyped key of an alias is taken for that, and for no name with a dot", () => {
  expect(mistakesOf('[aliases]\na = { target = ["x"] }')).toEqual([
    "2:1: aliases.a.targets: missing",
    '2:7: aliases.a.target: unknown key, did you mean "targets"?',
  ]);
});

test("several dotted names with one beginning are each told", () => {
  expect(mistakesOf('[aliases]\nllama3.1 = "x"\nllama3.2 = "y"')).toEqual([
    '2:1: aliases.llama3: a name with a dot needs quotes: "llama3.1"',
    '2:1: aliases.llama3: a name with a dot needs quotes: "llama3.2"',
  ]);
});

test("an alias in the shape of a target is told what it lacks, and nothing of dots", () => {
  expect(mistakesOf('[aliases]\nfast = { model = "qwen3:4b" }')).toEqual([
    "2:1: aliases.fast.targets: missing",
    "2:10: aliases.fast.model: unknown key",
  ]);
});
