/** Each flag and each variable of gollamas may be spelled every way that gollamas reads. */

import { describe, expect, test } from "bun:test";

import { givenBy, written } from "../support/given.ts";

const LISTS = [
  { kind: "proxies", one: "proxy", variable: "PROXIES", a: "m=http://a:1", b: "n=http://b:2" },
  { kind: "connections", one: "connection", variable: "CONNECTIONS", a: "c=http://a:1", b: "d=http://b:2" },
  { kind: "aliases", one: "alias", variable: "ALIASES", a: "x=m", b: "y=n" },
] as const;

describe.each(LISTS)("$kind", ({ kind, one, variable, a, b }) => {
  test.each([
    ["the flag twice", `--${one} ${a} --${one} ${b}`, {}],
    ["the flag twice, with =", `--${one}=${a} --${one}=${b}`, {}],
    ["the flag once with a list", `--${one} ${a},${b}`, {}],
    ["the plural flag", `--${kind} ${a},${b}`, {}],
    ["the plural flag, with =", `--${kind}=${a},${b}`, {}],
    ["the flag and the plural", `--${kind} ${b} --${one} ${a}`, {}],
    ["the variable", "", { [`GOLLAMAS_${variable}`]: `${a},${b}` }],
    ["the bare variable", "", { [variable]: `${a},${b}` }],
    ["a list with blanks and a comma at its end", "", { [`GOLLAMAS_${variable}`]: ` ${a} , ${b}, ` }],
    ["the flag for one and the variable for the other", `--${one} ${a}`, { [`GOLLAMAS_${variable}`]: b }],
  ])("by %s", (_, line, env) => {
    expect(written(givenBy(line, env)[kind])).toEqual([a, b]);
  });

  test("an empty variable is none, nor is an empty plural flag", () => {
    expect(givenBy([`--${kind}`, ""], { [`GOLLAMAS_${variable}`]: "", [variable]: "  " })[kind]).toEqual([]);
  });

  test("an empty variable does not hide the bare one", () => {
    expect(written(givenBy("", { [`GOLLAMAS_${variable}`]: "", [variable]: a })[kind])).toEqual([a]);
  });

  test("each is told by the name that it was given by", () => {
    const [first, second] = givenBy(`--${one} ${a}`, { [`GOLLAMAS_${variable}`]: b })[kind];
    expect([first?.source, second?.source]).toEqual([`--${one}`, `GOLLAMAS_${variable}`]);
  });
});

const SINGLE = [
  { key: "listen", flag: "listen", variable: "LISTEN", said: "127.0.0.1:1", value: "127.0.0.1:1" },
  { key: "level", flag: "level", variable: "LEVEL", said: "warn", value: "warn" },
  { key: "listAliases", flag: "list-aliases", variable: "LIST_ALIASES", said: "true", value: true },
] as const;

describe.each(SINGLE)("$flag", ({ key, flag, variable, said, value }) => {
  test.each([
    [`--${flag}`, `--${flag}=${said}`, {}],
    [`GOLLAMAS_${variable}`, "", { [`GOLLAMAS_${variable}`]: said }],
    [variable, "", { [variable]: said }],
  ])("by %s", (source, line, env) => {
    expect(givenBy(line, env)[key]).toEqual({ value, source });
  });

  test("an empty variable is none", () => {
    expect(givenBy("", { [`GOLLAMAS_${variable}`]: "", [variable]: "" })[key]).toBeUndefined();
  });

  test("the bare variable is nobody's beside a file", () => {
    expect(givenBy("", { [variable]: said }, false)[key]).toBeUndefined();
  });
});

test("--listen and --level take their value with a blank, too", () => {
  const { listen, level } = givenBy("--listen :11434 --level debug");
  expect([listen?.value, level?.value]).toEqual([":11434", "debug"]);
});

test.each([
  ["--list-aliases", true],
  ["--list-aliases=true", true],
  ["--list-aliases=1", true],
  ["--list-aliases=T", true],
  ["--list-aliases=false", false],
  ["--list-aliases=0", false],
  ["--list-aliases=F", false],
  ["--list-aliases --list-aliases=false", false],
  ["--list-aliases=false --list-aliases", true],
])("%s is %j", (line, value) => {
  expect(givenBy(line).listAliases).toEqual({ value, source: "--list-aliases" });
});

test.each(["true", "TRUE", "1", "t"])("GOLLAMAS_LIST_ALIASES=%s is true", (text) => {
  expect(givenBy("", { GOLLAMAS_LIST_ALIASES: text }).listAliases?.value).toBe(true);
});

test.each(["false", "False", "0", "f"])("GOLLAMAS_LIST_ALIASES=%s is false", (text) => {
  expect(givenBy("", { GOLLAMAS_LIST_ALIASES: text }).listAliases?.value).toBe(false);
});

test.each([
  ["trace", "debug"],
  ["debug", "debug"],
  ["info", "info"],
  ["warn", "warn"],
  ["warning", "warn"],
  ["error", "error"],
  ["fatal", "error"],
  ["panic", "error"],
  ["WARN", "warn"],
  ["Trace", "debug"],
])("gollamas' level %s is %s", (said, level) => {
  expect(givenBy(`--level ${said}`).level?.value).toBe(level as "warn");
});

test.each([
  ["-listen :1 -level debug -list-aliases", ":1", "debug", true],
  ["-listen=:1 -level=debug -list-aliases=false", ":1", "debug", false],
  ["-a :1 --error-level debug", ":1", "debug", undefined],
  ["--addr :1 -error-level=debug", ":1", "debug", undefined],
  ["--address=:1", ":1", undefined, undefined],
])("%s is what a gollamas reads, too", (line, listen, level, listAliases) => {
  const given = givenBy(line, {});
  expect([given.listen?.value, given.level?.value, given.listAliases?.value]).toEqual([
    listen,
    level,
    listAliases,
  ]);
});

test("one dash does for the flags that may be given several times", () => {
  expect(written(givenBy("-proxy m=http://a:1 -proxy=n=http://b:2", {}).proxies)).toEqual([
    "m=http://a:1",
    "n=http://b:2",
  ]);
});
