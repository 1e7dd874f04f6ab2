/** Programs are tried out where they can do no harm, and one that does anything wrong is found. */

import { expect, test } from "bun:test";
import { chmod, writeFile } from "node:fs/promises";

import { confinement } from "../../scripts/release/confined.ts";
import { tryOut } from "../../scripts/release/trial.ts";
import { folderOf } from "../support/folder.ts";

const IS_LINUX = process.platform === "linux";

test.skipIf(!IS_LINUX || process.getuid?.() !== 0)(
  "whatever is tried out is nobody, and can write nothing",
  async () => {
    const { about, through } = await confinement();
    await using folder = await folderOf();
    await chmod(folder.path, 0o777);
    const script = 'id -u; touch here 2>/dev/null && echo "wrote here"; pwd';
    const child = Bun.spawn([...through(folder.path), "sh", "-c", script], {
      stdout: "pipe",
      stderr: "inherit",
    });
    const said = (await child.stdout.text()).split("\n");
    expect(said[0]).toBe("65532");
    // not where this machine forbids name spaces
    if (about === "as nobody, read-only") expect(said).toEqual(["65532", folder.path, ""]);
    expect(await Bun.file(folder.at("here")).exists()).toBe(about !== "as nobody, read-only");
  },
);

test.skipIf(!IS_LINUX).each<[string, string, string]>([
  ["does not start", "echo broken >&2; exit 3", "broken"],
  [
    "ends by itself",
    '[ "$1" = --version ] || { echo "no port" >&2; exit 1; }',
    "it ended with 1; it said:\nno port",
  ],
  [
    "listens where nobody answers",
    '[ "$1" = --version ] || { echo "event=listening url=http://127.0.0.1:9" >&2; exec sleep 60; }',
    "event=listening",
  ],
])("a program that %s is no good", async (_, script, why) => {
  await using folder = await folderOf();
  await chmod(folder.path, 0o755);
  await writeFile(folder.at("program"), `#!/bin/sh\n${script}\n`);
  await chmod(folder.at("program"), 0o755);
  const failure = await tryOut(folder.at("program"), []).catch((reason: unknown) => reason);
  expect(String(failure)).toContain(why);
});
