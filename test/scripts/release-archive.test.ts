/** An archive holds what its target needs, and the same files make the same bytes. */

import { expect, test } from "bun:test";
import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";

import { packFolder } from "../../scripts/release/archive.ts";
import { archiveLayout, lay } from "../../scripts/release/folder.ts";
import { run } from "../../scripts/release/run.ts";
import { SUMS, writeSums } from "../../scripts/release/sums.ts";
import { TARGETS } from "../../scripts/release/targets.ts";
import { folderOf } from "../support/folder.ts";
import { CAN_PACK, releaseParts } from "../support/release-parts.ts";

test.skipIf(!CAN_PACK)("order, times, owners and masks of the files change no byte", async () => {
  await using here = await folderOf();
  const pack = async (name: string, files: readonly string[], mode: number, atS: number) => {
    await mkdir(here.at(`${name}/x/sub`), { recursive: true, mode: mode | 0o700 });
    for (const file of files) {
      await writeFile(here.at(`${name}/x/${file}`), file);
      await chmod(here.at(`${name}/x/${file}`), file === "run" ? mode | 0o100 : mode);
      await utimes(here.at(`${name}/x/${file}`), atS, atS);
    }
    await packFolder(here.at(`${name}/x`), here.at(`${name}.tar.gz`), 1_700_000_000);
    return Bun.file(here.at(`${name}.tar.gz`)).bytes();
  };
  const one = await pack("one", ["run", "a", "sub/b"], 0o600, 1);
  const other = await pack("other", ["sub/b", "a", "run"], 0o644, 1_600_000_000);
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(true);

  const listed = await run(["tar", "--list", "--verbose", "--utc", `--file=${here.at("one.tar.gz")}`]);
  const rows = listed
    .trimEnd()
    .split("\n")
    .map((row) => row.split(/ +/));
  expect(rows.map(([mode, owner, , day, time, name]) => [mode, owner, `${day} ${time}`, name])).toEqual([
    ["drwxr-xr-x", "0/0", "2023-11-14 22:13", "x/"],
    ["-rw-r--r--", "0/0", "2023-11-14 22:13", "x/a"],
    ["-rwxr-xr-x", "0/0", "2023-11-14 22:13", "x/run"],
    ["drwxr-xr-x", "0/0", "2023-11-14 22:13", "x/sub/"],
    ["-rw-r--r--", "0/0", "2023-11-14 22:13", "x/sub/b"],
  ]);
});

const EVERYWHERE = ["LICENSE", "README.md", "config.toml"];
const SHELLS = ["completions/_mellamo", "completions/mellamo.bash", "completions/mellamo.fish"];

test.each(TARGETS.map((target) => [target.name, target] as const))("what %s gets", async (_, target) => {
  await using parts = await releaseParts();
  await lay(archiveLayout(target, parts.program, parts.extras), parts.at("out"));
  const files = [...new Bun.Glob("**").scanSync({ cwd: parts.at("out") })].sort();
  const more = { linux: [...SHELLS, "mellamo.service"], darwin: SHELLS, windows: [] }[target.os];
  expect(files).toEqual([...EVERYWHERE, ...more, target.program].sort());
  if (target.os !== "linux") return;
  expect(await Bun.file(parts.at("out/mellamo.service")).text()).toContain(
    "ExecStart=/usr/local/bin/mellamo serve --config /etc/mellamo/config.toml",
  );
});

test.skipIf(Bun.which("sha256sum") === null)(
  "sums are of all files but themselves, as sha256sum has it",
  async () => {
    await using folder = await folderOf({ "b.tar.gz": "b", "a.deb": "a", [SUMS]: "old" });
    await writeSums(folder.path);
    expect(await run(["sha256sum", "a.deb", "b.tar.gz"], { cwd: folder.path })).toBe(
      await Bun.file(folder.at(SUMS)).text(),
    );
  },
);
