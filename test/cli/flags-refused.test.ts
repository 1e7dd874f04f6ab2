/** A command line or a variable that is wrong is one clear line, status 2, and nothing that listens. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { wordsOf } from "../support/flags.ts";
import { folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const FILE = '[server]\nlisten = "127.0.0.1:0"\n';

const WRONG: readonly (readonly [line: string, env: Readonly<Record<string, string>>, says: string])[] = [
  ["--proxy m", {}, '--proxy: expected MODEL=URL or MODEL=CONNECTION, got "m"'],
  [
    "--proxy m=c9 --connection c1=http://h",
    {},
    '--proxy m: no connection is called "c9", did you mean "c1"?',
  ],
  ["--alias x --config config.toml", {}, '--alias: expected NAME=MODEL, got "x"'],
  ["--listen here", {}, '--listen: expected "host:port"'],
  ["--level loud", {}, '--level: expected "panic"'],
  ["", { GOLLAMAS_PROXIES: "m" }, 'GOLLAMAS_PROXIES: expected NAME=VALUE, got "m"'],
  ["", { GOLLAMAS_LISTEN: "here" }, 'GOLLAMAS_LISTEN: expected "host:port"'],
  ["", { GOLLAMAS_LIST_ALIASES: "maybe" }, 'GOLLAMAS_LIST_ALIASES: expected true or false, got "maybe"'],
];

test.concurrent.each(WRONG)("%s %j", async (line, env, says) => {
  await using folder = await folderOf({ "config.toml": FILE });
  for (const first of [[], ["serve"], ["check"]]) {
    const { status, out, err } = await command([...first, ...wordsOf(line)], { cwd: folder.path, env });
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toStartWith(says);
    expect(err.split("\n")).toEqual([expect.any(String), ""]);
  }
});

test.concurrent.each(["--proxy", "--proxys=m=http://h", "--list-aliases=maybe", "--list-aliases maybe"])(
  "%s is no flag that there is",
  async (line) => {
    const { status, out, err } = await command(wordsOf(line));
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toMatch(/^mellamo serve: .+\nSee: mellamo serve --help\n$/);
  },
);

test.concurrent("a bare variable that is wrong is nobody's beside a file, and told without one", async () => {
  await using folder = await folderOf({ "config.toml": FILE });
  const env = { LEVEL: "loud" };
  expect(await command(["check"], { cwd: folder.path, env })).toMatchObject({ status: 0, err: "" });
  const alone = await command(["check", "--proxy", "m=http://h"], { cwd: folder.path, env });
  expect(alone.err).toStartWith('LEVEL: expected "panic"');
  expect(alone.status).toBe(2);
});

test.concurrent("a mistake of the file is told as ever, where flags go with it", async () => {
  await using folder = await folderOf({ "config.toml": '[server]\nlisen = ":1"\n' });
  const args = ["check", "--config", folder.at("config.toml"), "--proxy", "m=http://h"];
  expect(await command(args)).toEqual({
    status: 1,
    out: "",
    err: `${folder.at("config.toml")}:2:1: server.lisen: unknown key, did you mean "listen"?\n`,
  });
});
