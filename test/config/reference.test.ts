/** config.toml at the top of the repository is the reference of every key: it is read here, so that it stays true. */

import { expect, test } from "bun:test";
import { join } from "node:path";

import type { Config } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { AliasEntry, BackendEntry, ConfigFile } from "../../src/config/schema.ts";

const reference = await Bun.file(join(import.meta.dir, "..", "..", "config.toml")).text();

/** The text with its examples in force: they begin with `#` and no blank. */
const examples = reference.replaceAll(/^#(?=\S)/gm, "");

function read(toml: string): Config {
  const found = readConfig(toml, "config.toml", {});
  if (found.kind === "mistakes")
    throw new Error(found.mistakes.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return found.config;
}

test("the file as it is changes nothing", () => {
  expect(read(reference)).toEqual(read(""));
});

test("its examples are right", () => {
  const config = read(examples);
  expect(config.backends.map(({ name, engine }) => ({ name, engine }))).toEqual([
    { name: "workstation", engine: "ollama" },
    { name: "attic", engine: undefined },
  ]);
  expect(config.aliases.map(({ name }) => name)).toEqual([
    "gpt-4o",
    "my-llama",
    "claude-*",
    "openai/*",
    "both",
    "fast",
  ]);
  expect(config.pins.size).toBe(3);
});

test("the examples of single keys show what holds without them", () => {
  const [shown] = read(examples).backends;
  const [bare] = read(
    '[[backend]]\nname = "workstation"\nurl = "http://workstation:11434"\nengine = "ollama"',
  ).backends;
  const limits = { ...shown?.limits, maxInflight: undefined };
  const unasked = { exclude: [], preload: [], parameters: undefined };
  expect<object>({ ...shown, ...unasked, limits }).toEqual({ ...bare, ...unasked });
});

test("every key of the schema is in it", () => {
  const sections = ConfigFile.pipe[0].entries;
  const keys = [
    ...Object.keys(sections),
    ...Object.values(sections).flatMap((section) =>
      "wrapped" in section && "pipe" in section.wrapped ? keysOf(section.wrapped.pipe[0]) : [],
    ),
    ...keysOf(BackendEntry.pipe[0]),
    ...keysOf(longAlias()),
  ];
  expect(keys.length).toBeGreaterThan(25);
  const missing = keys.filter(
    (key) => !new RegExp(`^#?(\\[+${key}\\]+|${key} = )|[{,] ${key} = `, "m").test(reference),
  );
  expect(missing).toEqual([]);
});

function keysOf(schema: object): string[] {
  return "entries" in schema && typeof schema.entries === "object" && schema.entries !== null
    ? Object.keys(schema.entries)
    : [];
}

function longAlias(): object {
  // the schema of an alias depends on what is written: this is the one for a table
  const schema = AliasEntry.getter({});
  return "pipe" in schema ? schema.pipe[0] : {};
}
