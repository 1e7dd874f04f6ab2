/** Whatever is wrong, the installer tells it in one line, and leaves everything as it was. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
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

describe.each([
  ["dash", "dash"],
  ["busybox", "busybox sh"],
  ["bash", "bash --posix"],
  ["zsh", "zsh --emulate sh"],
])("in the middle of a download by %s", (name, shell) => {
  test.concurrent.skipIf(Bun.which(name) === null).each([
    ["Ctrl-C", "SIGINT", 130],
    ["Ctrl-\\", "SIGQUIT", 131],
  ] as const)("%s", async (_, signal, status) => {
    await using place = await released(["sh", "-c", `ulimit -c 0; exec ${shell} "$@"`, ""]);
    await using server = served(place.release, "mellamo-1.2.3-linux-x64.tar.gz");
    const child = place.start("--from", `${server.url}`);
    await eventually(place.left, (files) => files.some((file) => file.endsWith("/archive")));
    process.kill(-child.pid, signal);
    expect(await child.exited).toBe(status);
    expect(await place.left()).toEqual([]);
  });
});

test.concurrent(
  "a folder that had to be made goes, with those above it, and those that were there stay",
  async () => {
    await using place = await released();
    await republish(place, "#!/bin/sh\nexit 1\n");
    const there = place.folder.at("there");
    await mkdir(there);
    await expectRefusal(place, "does not run on this machine", "--dir", join(there, "n1/n2/n3/"));
    expect(await readdir(there)).toEqual([]);
  },
);

test.concurrent("the folder / is called by its name", async () => {
  await using place = await released();
  await place.fake("cp", `case $2 in "$TMPDIR"/*) exec ${Bun.which("cp")} "$@" ;; *) exit 1 ;; esac`);
  await expectRefusal(place, /cannot write to \/$/m, "--dir", "/");
});

test.concurrent("a password in a URL is told to nobody", async () => {
  await using place = await released();
  await place.fake("curl", 'for last; do :; done; echo "no answer from $last" >&2; exit 1');
  const { err } = await place.install("--from", "http://user:sec@ret@127.0.0.1:9/@all");
  expect(err).toBe(
    "install.sh: cannot download http://***@127.0.0.1:9/@all/SHA256SUMS: no answer from http://***@127.0.0.1:9/@all/SHA256SUMS\n",
  );
});

test.concurrent("characters that a terminal obeys do not reach it", async () => {
  await using place = await released();
  for (const version of ["1\u001b[2J", "2\u0007"])
    await appendFile(join(place.release, "SHA256SUMS"), `0  mellamo-${version}-${HERE}.tar.gz\n`);
  await expectRefusal(place, /say which of 1\.2\.3, 1\[2J, 2 with/);
  await expectRefusal(place, /has no mellamo 9\[2J for/, "--version", "9\u001b[2J");
});

test.concurrent("half of the script itself", async () => {
  await using place = await released();
  const script = join(place.release, "install.sh");
  const text = await readFile(script, "utf8");
  await writeFile(script, text.slice(0, text.lastIndexOf("main ")));
  expect(await place.install()).toEqual({ status: 0, out: "", err: "" });
  expect(await place.left()).toEqual([]);
});
