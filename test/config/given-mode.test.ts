/** What makes the router behave as gollamas does, which file is read then, and what is as in gollamas. */

import { describe, expect, test } from "bun:test";

import { originOf } from "../../src/config/load.ts";
import { flagsOf, givenBy, readBy } from "../support/given.ts";

const MODEL = "m=http://a:1";

const WHOLE: readonly (readonly [line: string, env: Readonly<Record<string, string>>])[] = [
  [`--proxy ${MODEL}`, {}],
  [`--proxies ${MODEL}`, {}],
  ["--connection c=http://a:1", {}],
  ["--connections c=http://a:1", {}],
  ["--aliases x=m", {}],
  ["", { GOLLAMAS_PROXIES: MODEL }],
  ["", { GOLLAMAS_CONNECTIONS: "c=http://a:1" }],
  ["", { GOLLAMAS_ALIASES: "x=m" }],
  // whatever the flag says goes before the variable, which is there all the same
  ["--alias x=n", { GOLLAMAS_ALIASES: "x=m" }],
];

const PARTS: readonly (readonly [line: string, env: Readonly<Record<string, string>>])[] = [
  ["", {}],
  ["--alias x=m --alias y=m", {}],
  ["--alias x=m,y=m", {}],
  ["--listen :1", {}],
  ["--level warn", {}],
  ["--list-aliases", {}],
  ["", { GOLLAMAS_LISTEN: ":1", GOLLAMAS_LEVEL: "warn", GOLLAMAS_LIST_ALIASES: "true" }],
  ["", { GOLLAMAS_PROXIES: "", GOLLAMAS_CONNECTIONS: "", GOLLAMAS_ALIASES: "" }],
  // beside a file these are meant for somebody else
  ["", { PROXIES: MODEL, CONNECTIONS: "c=http://a:1", ALIASES: "x=m" }],
];

describe.each(WHOLE)("all is as in gollamas by %j and %j:", (line, env) => {
  test("no file is looked for", () => {
    const { file, given } = originOf(undefined, flagsOf(line), { ...env, MELLAMO_CONFIG: "there.toml" });
    expect([file, given.isWhole]).toEqual([undefined, true]);
  });

  test("the file that --config names is read", () => {
    expect(originOf("asked.toml", flagsOf(line), env).file).toBe("asked.toml");
  });

  test("it listens where gollamas does, and shows what is configured, without aliases", () => {
    const { server, listing } = readBy(line, env).config;
    expect(server.listen).toEqual({ kind: "tcp", hostname: "127.0.0.1", port: 11_434 });
    expect(listing).toEqual({ only: "configured", aliases: false });
  });

  test("what is said otherwise holds: by flags", () => {
    const { server, listing } = readBy(`${line} --listen :1 --list-aliases`, env).config;
    expect([server.listen, listing.aliases]).toEqual([{ kind: "tcp", hostname: "::", port: 1 }, true]);
  });

  test("what is said otherwise holds: by the file", () => {
    const toml = '[server]\nlisten = ":2"\n[listing]\nonly = "running"\naliases = true\n';
    const { server, listing } = readBy(line, env, toml).config;
    expect(server.listen).toEqual({ kind: "tcp", hostname: "::", port: 2 });
    expect(listing).toEqual({ only: "running", aliases: true });
  });
});

describe.each(PARTS)("nothing is as in gollamas by %j and %j:", (line, env) => {
  test("the file is looked for where it always is", () => {
    const { file, given } = originOf(undefined, flagsOf(line), { ...env, MELLAMO_CONFIG: "there.toml" });
    expect([file, given.isWhole]).toEqual(["there.toml", false]);
  });

  test("all models and aliases are shown, unless somebody says otherwise", () => {
    expect(readBy(line, env, "[log]\n").config.listing).toEqual({ only: "all", aliases: true });
  });
});

test("the bare names of variables make all as in gollamas where there is no file", () => {
  expect(givenBy("", { PROXIES: MODEL }).isWhole).toBe(true);
});

test("an empty --config names no file, and none is looked for", () => {
  expect(originOf("", flagsOf(`--proxy ${MODEL}`), { MELLAMO_CONFIG: "there.toml" }).file).toBeUndefined();
});
