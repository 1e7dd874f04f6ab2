/** The installer takes a release as others may have written it, and waits for no server that does not answer. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { HERE, installed, programText, released } from "../support/release.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

test.concurrent.each<[string, (sums: string) => string]>([
  ["in capitals", (sums) => sums.replace(/^\w+/gm, (sum) => sum.toUpperCase())],
  ["with the line ends of Windows", (sums) => sums.replaceAll("\n", "\r\n")],
  ["of an archive that is listed twice", (sums) => sums + sums],
])("checksums %s", async (_, rewrite) => {
  await using place = await released();
  const file = join(place.release, "SHA256SUMS");
  await writeFile(file, rewrite(await readFile(file, "utf8")));
  expect(await place.install()).toMatchObject({ status: 0, err: "" });
  expect(await installed(place)).toBe(programText("1.2.3", HERE));
});

test.concurrent.each([
  ["curl", "--connect-timeout 20 --speed-limit 1000 --speed-time 30"],
  ["wget", "-T 30"],
])("%s is told how long to wait for a server", async (loader, limits) => {
  await using place = await released();
  const calls = place.folder.at("calls");
  await place.only("sh", "cat", "id", "mktemp", "rm", "rmdir", "sed", "tail", "tr");
  await place.fake(loader, `echo "$*" >>'${calls}'; exit 1`);
  await place.install("--from", "http://127.0.0.1:9");
  expect(await readFile(calls, "utf8")).toContain(` ${limits} `);
});

test.concurrent(
  "a full disk leaves no part of a completion, and whoever completes looks at none meanwhile",
  async () => {
    await using place = await released();
    const calls = place.folder.at("calls");
    await place.fake("zsh", "");
    await place.fake(
      "cp",
      `case $2 in */share/*) echo "$2" >>'${calls}'; echo torn >"$2"; exit 1 ;; esac; exec ${Bun.which("cp")} "$@"`,
    );
    const { status, out, err } = await place.install();
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^No completions for zsh: cannot write \/.*\/_mellamo$/m);
    expect(await place.left()).toEqual(["prefix/bin/mellamo"]);
    for (const path of (await readFile(calls, "utf8")).trim().split("\n")) expect(path).toMatch(/\/\.[^/]+$/);
  },
);
