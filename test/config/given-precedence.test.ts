/** A flag goes before a variable, a prefixed variable before a bare one, and all of them before the file. */

import { expect, test } from "bun:test";

import type { Config } from "../../src/config/config.ts";
import { readBy } from "../support/given.ts";

const FILE = `
[server]
listen = "file:1"
[listing]
aliases = false
[log]
level = "error"
[[backend]]
name = "c"
url = "http://file:1"
[models]
m = "c"
[aliases]
x = "by-file"
`;

interface Kind {
  readonly kind: string;
  readonly flag: string;
  readonly variable: string;
  /** What the flag, and what the variable says. */
  readonly says: readonly [flag: string, variable: string];
  /** What is in force by the flag, the variable and the file. */
  readonly means: readonly [flag: unknown, variable: unknown, file: unknown];
  readonly seen: (config: Config) => unknown;
}

const KINDS: readonly Kind[] = [
  {
    kind: "listen",
    flag: "--listen",
    variable: "LISTEN",
    says: ["flag:1", "variable:1"],
    means: ["flag", "variable", "file"],
    seen: ({ server: { listen } }) => (listen.kind === "tcp" ? listen.hostname : listen.path),
  },
  {
    kind: "level",
    flag: "--level",
    variable: "LEVEL",
    says: ["debug", "warn"],
    means: ["debug", "warn", "error"],
    seen: ({ log }) => log.level,
  },
  {
    kind: "a connection",
    flag: "--connection",
    variable: "CONNECTIONS",
    says: ["c=http://flag:1", "c=http://variable:1"],
    means: ["http://flag:1", "http://variable:1", "http://file:1"],
    seen: ({ backends }) => backends.find(({ name }) => name === "c")?.origin,
  },
  {
    kind: "a route",
    flag: "--proxy",
    variable: "PROXIES",
    says: ["m=http://flag:1", "m=http://variable:1"],
    means: [["flag:1"], ["variable:1"], ["c"]],
    seen: ({ pins }) => pins.get("m"),
  },
  {
    kind: "a route, by the plural flag",
    flag: "--proxies",
    variable: "PROXIES",
    says: ["M:latest=http://flag:1", "m=http://variable:1"],
    means: [["flag:1"], ["variable:1"], ["c"]],
    seen: ({ pins }) => pins.get("m"),
  },
  {
    kind: "an alias",
    flag: "--alias",
    variable: "ALIASES",
    says: ["x=by-flag", "x=by-variable"],
    means: ["by-flag", "by-variable", "by-file"],
    seen: ({ aliases }) => aliases.find(({ name }) => name === "x")?.targets[0]?.model,
  },
];

test.each(KINDS.map((kind) => [kind.kind, kind] as const))(
  "%s",
  (_, { flag, variable, says, means, seen }) => {
    const [byFlag, byVariable, byFile] = means;
    const line = `${flag}=${says[0]}`;
    const env = { [`GOLLAMAS_${variable}`]: says[1] };
    expect(seen(readBy(line, env, FILE).config)).toEqual(byFlag);
    expect(seen(readBy(line, env).config)).toEqual(byFlag);
    expect(seen(readBy("", env, FILE).config)).toEqual(byVariable);
    expect(seen(readBy("", { ...env, [variable]: says[0] }).config)).toEqual(byVariable);
    expect(seen(readBy("", {}, FILE).config)).toEqual(byFile);
    // beside a file the bare name is meant for somebody else
    expect(seen(readBy("", { [variable]: says[0] }, FILE).config)).toEqual(byFile);
  },
);

test("whether aliases are listed", () => {
  const listed = (line: string, variable: string | undefined, toml: string): boolean =>
    readBy(line, variable === undefined ? {} : { GOLLAMAS_LIST_ALIASES: variable }, toml).config.listing
      .aliases;
  const [hidden, shown] = [FILE, FILE.replace("aliases = false", "aliases = true")];
  expect(listed("--list-aliases", "false", hidden)).toBe(true);
  expect(listed("--list-aliases=false", "true", shown)).toBe(false);
  expect(listed("--list-aliases=false", undefined, shown)).toBe(false);
  expect(listed("", "true", hidden)).toBe(true);
  expect(listed("", "false", shown)).toBe(false);
  expect([listed("", undefined, hidden), listed("", undefined, shown)]).toEqual([false, true]);
});

test("what the variable says of other names than the flag's holds beside the flag", () => {
  const env = { GOLLAMAS_PROXIES: "n=http://variable:1", GOLLAMAS_ALIASES: "y=n" };
  const { pins, aliases } = readBy("--proxy m=http://flag:1 --alias x=m", env).config;
  expect([...pins]).toEqual([
    ["m", ["flag:1"]],
    ["n", ["variable:1"]],
  ]);
  expect(aliases.map(({ name }) => name)).toEqual(["x", "y"]);
});
