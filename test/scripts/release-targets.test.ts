/** A release is built for the machines that people have, and tried out on the one it is built on as far as that can be. */

import { expect, test } from "bun:test";

import { buildCommand } from "../../scripts/build.ts";
import { type Machine, runnerOf } from "../../scripts/release/runner.ts";
import { chosenTargets, type Target, TARGETS } from "../../scripts/release/targets.ts";

const STAMP = { version: "1.2.3", commit: "0123456789ab", epochS: 1_700_000_000 };

function target(name: string): Target {
  const found = TARGETS.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

test("Linux with both of its C libraries, macOS and Windows", () => {
  expect(TARGETS.map(({ name, program, debian = "" }) => [name, program, debian])).toEqual([
    ["linux-x64", "mellamo", "amd64"],
    ["linux-x64-musl", "mellamo", ""],
    ["linux-arm64", "mellamo", "arm64"],
    ["linux-arm64-musl", "mellamo", ""],
    ["darwin-x64", "mellamo", ""],
    ["darwin-arm64", "mellamo", ""],
    ["windows-x64", "mellamo.exe", ""],
  ]);
});

test("those that are named are built, in the order of all, and a name of none is refused", () => {
  expect(chosenTargets([])).toEqual(TARGETS);
  expect(chosenTargets(["darwin-x64", "linux-x64"]).map(({ name }) => name)).toEqual([
    "linux-x64",
    "darwin-x64",
  ]);
  expect(() => chosenTargets(["linux-x64", "linux"])).toThrow('no target is called "linux": linux-x64, ');
});

test("bytecode is for systems where it was seen to be used, and for the machine that builds", () => {
  const withBytecode = TARGETS.filter((one) => buildCommand("x", STAMP, one).includes("--bytecode"));
  expect(withBytecode.map(({ os }) => os)).toEqual(["linux", "linux", "linux", "linux"]);
  expect(buildCommand("x", STAMP)).toContain("--bytecode");
  expect(buildCommand("x", STAMP, target("linux-arm64-musl"))).toContain("--target=bun-linux-arm64-musl");
});

test("a program is stamped with version, commit and day, or with the version alone where nobody knows more", () => {
  const constants = (command: readonly string[]) => command.filter((word) => word.startsWith("--define="));
  expect(constants(buildCommand("x", STAMP))).toEqual([
    '--define=BUILD_VERSION="1.2.3"',
    '--define=BUILD_COMMIT="0123456789ab"',
    '--define=BUILD_DATE="2023-11-14"',
  ]);
  expect(constants(buildCommand("x", { ...STAMP, commit: undefined }))).toEqual([
    '--define=BUILD_VERSION="1.2.3"',
  ]);
});

const DEBIAN = ["/lib64/ld-linux-x86-64.so.2"];
const QEMU = ["/usr/bin/qemu-aarch64-static", "/usr/aarch64-linux-gnu/lib/libc.so.6"];
const ALPINE = ["/lib/ld-musl-x86_64.so.1", "/usr/lib/libstdc++.so.6"];

test.each<[string, string, string, readonly string[], readonly string[] | string]>([
  ["linux-x64", "linux", "x64", DEBIAN, []],
  ["linux-x64", "linux", "x64", ALPINE, "no glibc here"],
  ["linux-x64-musl", "linux", "x64", ALPINE, []],
  ["linux-x64-musl", "linux", "x64", DEBIAN, "no musl with its libstdc++ here"],
  ["linux-x64-musl", "linux", "x64", ALPINE.slice(0, 1), "no musl with its libstdc++ here"],
  ["linux-arm64", "linux", "x64", [...DEBIAN, ...QEMU], [QEMU[0] ?? "", "-L", "/usr/aarch64-linux-gnu"]],
  ["linux-arm64", "linux", "x64", DEBIAN, "no qemu-user-static with libc6-arm64-cross here"],
  ["linux-arm64-musl", "linux", "x64", [...DEBIAN, ...QEMU], "made for arm64"],
  ["linux-x64", "linux", "arm64", [], "made for x64"],
  ["darwin-arm64", "linux", "arm64", [], "made for darwin"],
  ["darwin-arm64", "darwin", "arm64", [], []],
  ["windows-x64", "win32", "x64", [], []],
])("%s on %s %s with %j", (name, os, arch, files, expected) => {
  const machine: Machine = { os, arch, has: (path) => files.includes(path) };
  const runner = runnerOf(target(name), machine);
  expect("why" in runner ? runner.why : runner.through).toEqual(expected);
});
