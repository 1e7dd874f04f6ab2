/** Who says all by flags or variables has no file, unless `--config` names one; single settings go with a file. */

import { expect, setDefaultTimeout, test } from "bun:test";

import { wordsOf } from "../support/flags.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

type Env = Readonly<Record<string, string>>;

/** Each place where a file is looked for has one. */
async function everywhere(): Promise<Folder> {
  const toml = '[aliases]\nof-a-file = "m"\n';
  const files = ["asked.toml", "variable.toml", "config.toml", "xdg/mellamo/config.toml"];
  return folderOf(Object.fromEntries(files.map((file) => [file, toml])));
}

async function checked(folder: Folder, line: string, env: Env): Promise<string> {
  const { out, err, status } = await command(["check", ...wordsOf(line)], {
    cwd: folder.path,
    env: { MELLAMO_CONFIG: folder.at("variable.toml"), XDG_CONFIG_HOME: folder.at("xdg"), ...env },
  });
  // a file that is there and not read is worth a warning, and so is what leads nowhere
  expect([err.replaceAll(/^warning: .*\n/gm, ""), status]).toEqual(["", 0]);
  return out.trimEnd();
}

test.concurrent.each<[line: string, env: Env, counts: string]>([
  ["--proxy m=http://h", {}, "backends: 1, aliases: 0, pins: 1"],
  ["--proxies m=http://h", {}, "backends: 1, aliases: 0, pins: 1"],
  ["--connection c=http://h", {}, "backends: 1, aliases: 0, pins: 0"],
  ["--connections c=http://h", {}, "backends: 1, aliases: 0, pins: 0"],
  ["--aliases x=m", {}, "backends: 0, aliases: 1, pins: 0"],
  ["", { GOLLAMAS_PROXIES: "m=http://h" }, "backends: 1, aliases: 0, pins: 1"],
  ["", { GOLLAMAS_CONNECTIONS: "c=http://h" }, "backends: 1, aliases: 0, pins: 0"],
  ["", { GOLLAMAS_ALIASES: "x=m" }, "backends: 0, aliases: 1, pins: 0"],
  // no file is read, and so the bare names count
  ["--proxy m=http://h", { ALIASES: "x=m" }, "backends: 1, aliases: 1, pins: 1"],
])("%s %j reads no file", async (line, env, counts) => {
  await using folder = await everywhere();
  expect(await checked(folder, line, env)).toBe(`no configuration file: ok (${counts})`);
  const asked = folder.at("asked.toml");
  expect(await checked(folder, `${line} --config ${asked}`, env)).toStartWith(`${asked}: ok `);
});

test.concurrent.each<[line: string, env: Env, counts: string]>([
  ["--alias x=m", {}, "backends: 0, aliases: 2, pins: 0"],
  ["--listen :1 --level warn --list-aliases", {}, "backends: 0, aliases: 1, pins: 0"],
  ["", { GOLLAMAS_LISTEN: ":1", GOLLAMAS_LEVEL: "warn" }, "backends: 0, aliases: 1, pins: 0"],
  ["", { GOLLAMAS_PROXIES: "" }, "backends: 0, aliases: 1, pins: 0"],
  ["", { PROXIES: "m=http://h", LISTEN: "nonsense" }, "backends: 0, aliases: 1, pins: 0"],
])("%s %j goes with the file that is found", async (line, env, counts) => {
  await using folder = await everywhere();
  expect(await checked(folder, line, env)).toBe(`${folder.at("variable.toml")}: ok (${counts})`);
});
