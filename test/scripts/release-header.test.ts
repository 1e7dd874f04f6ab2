/** What a program was made for is read from its header, and a wrong one is found. */

import { expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";

import { HEAD_BYTES, madeFor, whyNot } from "../../scripts/release/header.ts";
import { TARGETS } from "../../scripts/release/targets.ts";
import { folderOf } from "../support/folder.ts";

/** The beginning of a file that has `pieces` at their places. */
function head(pieces: Readonly<Record<number, string | readonly number[]>>): Uint8Array {
  const bytes = Buffer.alloc(512);
  for (const [at, piece] of Object.entries(pieces))
    Buffer.from(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece).copy(bytes, Number(at));
  return bytes;
}

const ELF = "\x7fELF\x02\x01\x01";
const MACH_O = [0xcf, 0xfa, 0xed, 0xfe];
const AMD64 = [62, 0];
const AARCH64 = [183, 0];

test.each<[string, Uint8Array, unknown]>([
  [
    "ELF for AMD64 with glibc's loader",
    head({ 0: ELF, 18: AMD64, 300: "/lib64/ld-linux-x86-64.so.2\0" }),
    { os: "linux", arch: "x64", libc: "glibc" },
  ],
  [
    "ELF for AArch64 with musl's loader",
    head({ 0: ELF, 18: AARCH64, 300: "/lib/ld-musl-aarch64.so.1\0" }),
    { os: "linux", arch: "arm64", libc: "musl" },
  ],
  ["ELF without a loader", head({ 0: ELF, 18: AMD64 }), undefined],
  [
    "ELF for a machine that nobody asked for",
    head({ 0: ELF, 18: [40, 0], 300: "/lib/ld-linux-armhf.so.3" }),
    undefined,
  ],
  ["Mach-O for x86-64", head({ 0: MACH_O, 4: [7, 0, 0, 1] }), { os: "darwin", arch: "x64" }],
  ["Mach-O for ARM64", head({ 0: MACH_O, 4: [12, 0, 0, 1] }), { os: "darwin", arch: "arm64" }],
  [
    "PE for AMD64",
    head({ 0: "MZ", 60: [0x80, 0, 0, 0], 0x80: "PE\0\0\x64\x86" }),
    { os: "windows", arch: "x64" },
  ],
  [
    "PE for ARM64",
    head({ 0: "MZ", 60: [0x80, 0, 0, 0], 0x80: "PE\0\0\x64\xaa" }),
    { os: "windows", arch: "arm64" },
  ],
  ["a DOS program", head({ 0: "MZ", 60: [0x80, 0, 0, 0] }), undefined],
  ["PE that is torn", head({ 0: "MZ", 60: [0xff, 0xff, 0xff, 0xff] }), undefined],
  ["a script", head({ 0: "#!/bin/sh\n" }), undefined],
  ["nothing", new Uint8Array(), undefined],
])("%s", (_, bytes, made) => {
  expect<unknown>(madeFor(bytes)).toEqual(made);
});

test("Bun itself was made for this machine", async () => {
  const made = madeFor(await Bun.file(process.execPath).slice(0, HEAD_BYTES).bytes());
  expect<unknown>(made).toMatchObject({ os: process.platform, arch: process.arch });
});

test("a file is no program for a target where its size or its header is another's", async () => {
  await using folder = await folderOf({ small: "MZ" });
  const [x64, , arm64] = TARGETS;
  if (x64 === undefined || arm64 === undefined) throw new Error("no targets");
  expect(await whyNot(folder.at("small"), x64)).toBe("it has 2 bytes, expected 50000000 or more");
  const bytes = new Uint8Array(50_000_000);
  bytes.set(head({ 0: ELF, 18: AMD64, 300: "/lib64/ld-linux-x86-64.so.2\0" }));
  await writeFile(folder.at("large"), bytes);
  expect(await whyNot(folder.at("large"), x64)).toBeUndefined();
  expect(await whyNot(folder.at("large"), arm64)).toBe(
    "its header says linux x64 glibc, expected linux arm64 glibc",
  );
});
