/** `mellamo check` reads the configuration that the router would run with, and prints every mistake in it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";

import { type Folder, folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const GOOD = `[[backend]]
name = "gpu"
url = "http://127.0.0.1:1"
[models]
"m:1" = "gpu"
[aliases]
fast = "m:1"
"gpt-*" = "fast"
`;

const BAD = `[server]
lisen = ":80"
[[backend]]
url = "gpu"
`;

test.concurrent("a good file is counted, and the status is 0", async () => {
  await using folder = await folderOf({ "my config.toml": GOOD });
  const file = folder.at("my config.toml");
  expect(await command(["check", "--config", file])).toEqual({
    status: 0,
    out: `${file}: ok (backends: 1, aliases: 2, pins: 1)\n`,
    err: "",
  });
});

test.concurrent("every mistake of a bad file is a line on stderr, and the status is 1", async () => {
  await using folder = await folderOf({ "config.toml": BAD });
  const file = folder.at("config.toml");
  expect(await command(["check", "--config", file])).toEqual({
    status: 1,
    out: "",
    err: [
      `${file}:2:1: server.lisen: unknown key, did you mean "listen"?`,
      `${file}:4:1: backend.0.url: expected a URL: put http:// or https:// in front`,
      "",
    ].join("\n"),
  });
});

test.concurrent("a file that is not TOML is one mistake", async () => {
  await using folder = await folderOf({ "config.toml": "[server\n" });
  const { status, out, err } = await command(["check", "--config", folder.at("config.toml")]);
  expect(err).toMatch(/^\/.+config\.toml:1:\d+: invalid TOML: [^\n]+\n$/);
  expect([out, status]).toEqual(["", 1]);
});

test.concurrent.each([
  ["is not there", (folder: Folder) => folder.at("nope.toml"), "no such file"],
  ["is a folder", (folder: Folder) => folder.path, "it is a folder"],
])("a file that %s is one line", async (_, pathIn, why) => {
  await using folder = await folderOf();
  const path = pathIn(folder);
  expect(await command(["check", "--config", path])).toEqual({
    status: 1,
    out: "",
    err: `Cannot read configuration "${path}": ${why}\n`,
  });
});

/** Each place of a configuration, the most wanted first. */
const PLACES = [
  { name: "--config", file: "asked.toml", shown: (folder: Folder) => folder.at("asked.toml") },
  { name: "$MELLAMO_CONFIG", file: "variable.toml", shown: (folder: Folder) => folder.at("variable.toml") },
  { name: "./config.toml", file: "config.toml", shown: () => "config.toml" },
  {
    name: "$XDG_CONFIG_HOME",
    file: "xdg/mellamo/config.toml",
    shown: (folder: Folder) => folder.at("xdg/mellamo/config.toml"),
  },
];

test.concurrent.each(PLACES.map(({ name }, index) => [name, index] as const))(
  "the configuration comes from %s where no better place has one",
  async (_, index) => {
    const there = PLACES.slice(index);
    await using folder = await folderOf(Object.fromEntries(there.map(({ file }) => [file, GOOD])));
    const env: Record<string, string> = { XDG_CONFIG_HOME: folder.at("xdg") };
    if (index <= 1) env["MELLAMO_CONFIG"] = folder.at("variable.toml");
    const args = index === 0 ? ["check", "--config", folder.at("asked.toml")] : ["check"];
    const { out, status } = await command(args, { cwd: folder.path, env });
    expect(out).toStartWith(`${there[0]?.shown(folder)}: ok `);
    expect(status).toBe(0);
  },
);

test.skipIf(existsSync("/etc/mellamo/config.toml"))("no configuration at all is a good one", async () => {
  await using folder = await folderOf();
  expect(await command(["check"], { cwd: folder.path })).toEqual({
    status: 0,
    out: "no configuration file: ok (backends: 0, aliases: 0, pins: 0)\n",
    err: "",
  });
});

test.concurrent("variables are those of whoever checks", async () => {
  await using folder = await folderOf({ "config.toml": '[server]\nlisten = "${WHERE}"\n' });
  const set = await command(["check"], { cwd: folder.path, env: { WHERE: "localhost:1" } });
  expect(set).toMatchObject({ status: 0, err: "" });
  const unset = await command(["check"], { cwd: folder.path });
  expect(unset).toMatchObject({
    status: 1,
    err: "config.toml:2:1: server.listen: environment variable WHERE is not set\n",
  });
});
