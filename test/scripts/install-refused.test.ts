/** Whatever is wrong, the installer tells it in one line, and leaves everything as it was. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { eventually } from "../support/eventually.ts";
import { expectRefusal, HERE, type Installing, released, served } from "../support/release.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

/** Replaces the archive of this machine. */
async function republish(place: Installing, text: string): Promise<void> {
  await writeFile(join(place.release, "SHA256SUMS"), "");
  await place.publish("1.2.3", HERE, text);
}

test.concurrent.each<[string, (place: Installing) => unknown, string | RegExp, ...string[]]>([
  [
    "a checksum that is missing",
    (place) =>
      writeFile(join(place.release, "SHA256SUMS"), `${"0".repeat(64)}  mellamo-1.2.3-linux-arm64.tar.gz\n`),
    "has no mellamo for linux-x64 in its SHA256SUMS",
  ],
  ["a version that is not there", () => {}, "has no mellamo 9.9.9 for linux-x64", "--version", "9.9.9"],
  [
    "several versions, and no word which",
    (place) => place.publish("1.3.0", HERE),
    "has several versions: say which of 1.2.3, 1.3.0 with --version",
  ],
  [
    "an archive that is not there",
    (place) => rm(join(place.release, "mellamo-1.2.3-linux-x64.tar.gz")),
    /there is no mellamo-1\.2\.3-linux-x64\.tar\.gz in /,
  ],
  [
    "a folder that is no release",
    (place) => rm(join(place.release, "SHA256SUMS")),
    "say where one is with --from",
  ],
  [
    "a folder that is not there",
    () => {},
    "there is no folder /dev/null/release",
    "--from",
    "/dev/null/release",
  ],
  [
    "a server that is not there",
    () => {},
    "cannot download http://127.0.0.1:9/SHA256SUMS",
    "--from",
    "http://127.0.0.1:9/",
  ],
  ["a word too many", () => {}, 'unknown argument "now"', "now"],
  ["an option that nobody knows", () => {}, 'unknown option "--frm"', "--frm=x"],
  ["an option without its value", () => {}, "--version needs a value", "--version="],
  [
    "a program that does not run here",
    (place) => republish(place, "#!/bin/sh\necho Illegal instruction >&2\nexit 132\n"),
    "this mellamo does not run on this machine: Illegal instruction",
  ],
  [
    "a folder in the program's place",
    (place) => mkdir(join(place.bin, "mellamo/x"), { recursive: true }),
    "mellamo is a folder",
  ],
  ["a place that nobody can write to", () => {}, "cannot write to /proc", "--dir", "/proc"],
  [
    "a place below a file",
    (place) => writeFile(`${place.folder.path}/file`, ""),
    "cannot make /dev/null/bin",
    "--dir=/dev/null/bin",
  ],
  [
    "no room for temporary files",
    (place) => rm(join(place.bin, "../../tmp"), { recursive: true }),
    "cannot make a temporary folder",
  ],
])("%s", async (_, spoil, why, ...args) => {
  await using place = await released();
  await spoil(place);
  await expectRefusal(place, why, ...args);
});

test.concurrent("a checksum that is right of an archive that is none, or has no program in it", async () => {
  await using place = await released();
  const archive = join(place.release, "mellamo-1.2.3-linux-x64.tar.gz");
  for (const [make, why] of [
    [() => writeFile(archive, "no archive"), "cannot unpack mellamo-1.2.3-linux-x64.tar.gz"],
    [() => Bun.$`tar -czf ${archive} -C ${place.release} install.sh`, "there is no mellamo in mellamo-1.2.3"],
  ] as const) {
    await make();
    const sum = new Bun.CryptoHasher("sha256").update(await readFile(archive)).digest("hex");
    await writeFile(join(place.release, "SHA256SUMS"), `${sum} *mellamo-1.2.3-linux-x64.tar.gz`);
    await expectRefusal(place, why);
  }
});

test.concurrent("a server that answers 404, or with another file", async () => {
  await using place = await released();
  await using server = served(place.release);
  await expectRefusal(place, /cannot download .*404/, "--from", `${server.url}elsewhere`);
  await writeFile(join(place.release, "mellamo-1.2.3-linux-x64.tar.gz"), "<html>");
  await expectRefusal(place, "the checksum of", "--from", `${server.url}`);
});

test.concurrent("Ctrl-C in the middle of a download", async () => {
  await using place = await released();
  await using server = served(place.release, "mellamo-1.2.3-linux-x64.tar.gz");
  const child = place.start("--from", `${server.url}`);
  await eventually(place.left, (files) => files.some((file) => file.endsWith("/archive")));
  process.kill(-child.pid, "SIGINT");
  expect(await child.exited).toBe(130);
  expect(await place.left()).toEqual([]);
});

test.concurrent("half of the script itself", async () => {
  await using place = await released();
  const script = join(place.release, "install.sh");
  const text = await readFile(script, "utf8");
  await writeFile(script, text.slice(0, text.lastIndexOf("main ")));
  expect(await place.install()).toEqual({ status: 0, out: "", err: "" });
  expect(await place.left()).toEqual([]);
});
