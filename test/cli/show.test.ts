/** `mellamo check --show` prints every setting that is in force, and who says it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";

import { wordsOf } from "../support/flags.ts";
import { type Folder, folderOf } from "../support/folder.ts";
import { command } from "../support/mellamo.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const FILE = `[server]
listen = "127.0.0.1:1"
drain = "5s"
[timeouts]
connect = "3s"
idle = "4m"
[listing]
aliases = true
[store]
path = "aliases.json"
[[backend]]
name = "c"
url = "http://c:1"
key = "hunter2"
idle = "1m"
[models]
m = "c"
[aliases]
key = "m"
x = { targets = ["m"], listed = false }
`;

async function shown(line: string, env: Readonly<Record<string, string>>, folder: Folder): Promise<string[]> {
  const { out, status, err } = await command(["check", "--show", ...wordsOf(line)], {
    cwd: folder.path,
    env,
  });
  // that a file is there and not read is worth a warning
  expect([status, err.replace(/^warning: config.toml is not read.*\n/, "")]).toEqual([0, ""]);
  return out.trimEnd().split("\n");
}

test.concurrent("by a file: its lines, and defaults", async () => {
  await using folder = await folderOf({ "config.toml": FILE });
  const lines = await shown("", {}, folder);
  for (const line of [
    'listen = "127.0.0.1:1"  # config.toml:2',
    'max_body = "256MiB"  # default',
    'connect = "3s"  # config.toml:5',
    'first_byte = "10m"  # default',
    "aliases = true  # config.toml:8",
    `path = ${JSON.stringify(folder.at("aliases.json"))}  # config.toml:10`,
    'name = "c"  # config.toml:12',
    'm = "c"  # config.toml:17',
    'x = { targets = ["m"], listed = false }  # config.toml:20',
  ])
    expect(lines).toContain(line);
  expect(lines.at(-1)).toBe("# config.toml: ok (backends: 1, aliases: 2, pins: 1)");
});

test.concurrent(
  "a backend has its own waits, and those that hold for all, by the lines that say them",
  async () => {
    await using folder = await folderOf({ "config.toml": FILE });
    const lines = await shown("", {}, folder);
    const backend = lines.slice(lines.indexOf("[[backend]]"));
    for (const line of [
      'connect = "3s"  # config.toml:5',
      'idle = "1m"  # config.toml:15',
      'first_byte = "10m"  # default',
      'pause = "1s"  # default',
      "priority = 100  # default",
    ])
      expect(backend).toContain(line);
  },
);

test.concurrent("a secret is not printed, and a name that is called like one is", async () => {
  await using folder = await folderOf({ "config.toml": FILE });
  const lines = await shown("", {}, folder);
  expect(lines.join("\n")).not.toContain("hunter2");
  expect(lines).toContain('#key = "…"  # config.toml:14');
  expect(lines).toContain('key = "m"  # config.toml:19');
});

test.concurrent("by flags and variables, over a file", async () => {
  await using folder = await folderOf({ "config.toml": FILE });
  const env = { GOLLAMAS_LEVEL: "trace", GOLLAMAS_PROXIES: "m=http://d:1,n=c", GOLLAMAS_LISTEN: ":9" };
  const lines = await shown("--listen :8 --list-aliases=false --alias y=n --config config.toml", env, folder);
  for (const line of [
    'listen = ":8"  # --listen',
    'drain = "5s"  # config.toml:3',
    'only = "configured"  # as in gollamas',
    "aliases = false  # --list-aliases",
    'level = "debug"  # GOLLAMAS_LEVEL',
    'url = "http://c:1"  # config.toml:13',
    'url = "http://d:1"  # GOLLAMAS_PROXIES',
    'm = ["d:1"]  # GOLLAMAS_PROXIES',
    'n = ["c"]  # GOLLAMAS_PROXIES',
    'y = "n"  # --alias',
  ])
    expect(lines).toContain(line);
});

test.concurrent("by flags alone", async () => {
  await using folder = await folderOf({ "config.toml": FILE });
  const lines = await shown(
    "--connection c=http://c:1 --proxy m=c --proxy n=http://d:1 --alias x=m",
    {},
    folder,
  );
  for (const line of [
    'listen = "127.0.0.1:11434"  # as in gollamas',
    'only = "configured"  # as in gollamas',
    "aliases = false  # as in gollamas",
    'name = "c"  # --connection',
    'url = "http://d:1"  # --proxy',
    'm = ["c"]  # --proxy',
    'x = "m"  # --alias',
    "# no configuration file: ok (backends: 2, aliases: 1, pins: 2)",
  ])
    expect(lines).toContain(line);
});

test.concurrent("warnings and the status are what they are without it", async () => {
  await using folder = await folderOf({ "config.toml": "[server]\nlisten = 3\n" });
  for (const line of [
    "--proxy m=http://a:1 --proxy m=http://b:1 --alias x=lost --alias x=m",
    "--proxy m",
    "--alias x=m",
  ]) {
    const [plain, more] = await Promise.all(
      [[], ["--show"]].map((flag) => command(["check", ...flag, ...wordsOf(line)], { cwd: folder.path })),
    );
    expect([more?.status, more?.err]).toEqual([plain?.status, plain?.err]);
  }
});

test.concurrent("what it prints can be saved anywhere, and loaded", async () => {
  await using folder = await folderOf({ "config.toml": FILE });
  await using elsewhere = await folderOf();
  const first = await shown("--config config.toml --proxy n=http://d:1 --alias y=n", {}, folder);
  await writeFile(elsewhere.at("config.toml"), first.join("\n"));
  const second = await shown("", {}, elsewhere);
  const settings = (lines: readonly string[]): string[] =>
    lines.map((line) => line.replace(/ {2}# .*$/, "")).filter((line) => !line.startsWith("#"));
  expect(settings(second)).toEqual(settings(first));
});

test.concurrent("a large file is shown as fast as it is read", async () => {
  const aliases = Array.from({ length: 20_000 }, (_, index) => `a${index} = "m${index}"\n`).join("");
  await using folder = await folderOf({
    "config.toml": `[[backend]]\nurl = "http://c:1"\n[aliases]\n${aliases}`,
  });
  const lines = await shown("", {}, folder);
  expect(lines).toContain('a19999 = "m19999"  # config.toml:20003');
});
