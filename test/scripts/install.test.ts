/** The installer puts the program for the machine in its place, with what there is on it, and says what to do next. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import {
  expectRefusal,
  GLIBC,
  HERE,
  installed,
  machine,
  programText,
  released,
  served,
} from "../support/release.ts";

// a busy machine takes its time to start so many processes
setDefaultTimeout(30_000);

const INSTALLED = [
  "prefix/bin/mellamo",
  "prefix/share/bash-completion/completions/mellamo",
  "prefix/share/fish/vendor_completions.d/mellamo.fish",
  "prefix/share/zsh/site-functions/_mellamo",
];

describe.each([
  ["sh", ["sh"]],
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
  ["bash as sh", ["bash", "--posix"]],
  ["zsh as sh", ["zsh", "--emulate", "sh"]],
] as const)("run by %s", (_, shell) => {
  const it = test.skipIf(Bun.which(shell[0]) === null);

  it("it installs what lies beside it, in a folder with blanks in its name, and says what to do next", async () => {
    await using place = await released(shell, 'it\'s "my" $HOME; of `blanks`');
    for (const name of ["bash", "zsh", "fish"].filter((one) => one !== shell[0])) await place.fake(name, "");
    const { status, out, err } = await place.install();
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain(`Installed mellamo 1.2.3 (linux-x64) as ${place.bin}/mellamo\n`);
    expect(out).toContain(`${place.bin} is not in your PATH`);
    for (const next of ["mellamo' init ", "mellamo' service install "]) expect(out).toContain(next);
    expect(await installed(place)).toBe(programText("1.2.3", HERE));
    expect(((await stat(join(place.bin, "mellamo"))).mode & 0o777).toString(8)).toBe("755");
    expect(await place.left()).toEqual(INSTALLED);
    // what it tells to type works as it is told
    const [path = ""] = /export PATH=.*/.exec(out) ?? [];
    const child = Bun.spawn(["sh", "-c", `${path}; mellamo --version`], {
      stdout: "pipe",
      env: { PATH: "/bin:/usr/bin" },
    });
    expect(await child.stdout.text()).toBe("mellamo 1.2.3 (linux-x64)\n");
  });

  it("it puts in the home folder for a ~ that the shell has left, as behind =", async () => {
    await using place = await released(shell);
    expect(await place.install("--dir=~/own bin")).toMatchObject({ status: 0, err: "" });
    expect(await place.left()).toContain("home/own bin/mellamo");
  });

  it("it installs from a server", async () => {
    await using place = await released(shell);
    await using server = served(place.release);
    expect(await place.install("--from", `${server.url}`)).toMatchObject({ status: 0, err: "" });
    expect(await installed(place)).toBe(programText("1.2.3", HERE));
  });

  it("it installs when it is piped into a shell", async () => {
    await using place = await released(shell);
    await using server = served(place.release);
    const script = await readFile(join(place.release, "install.sh"), "utf8");
    const child = Bun.spawn([...shell, "-s", "--", `--from=${server.url}`, `--dir=${place.bin}`], {
      stdin: new Blob([script]),
      stdout: "ignore",
      cwd: place.folder.path,
    });
    expect(await child.exited).toBe(0);
    expect(await installed(place)).toBe(programText("1.2.3", HERE));
  });

  it("it installs nothing that is not what the checksum says", async () => {
    await using place = await released(shell);
    await writeFile(join(place.release, "mellamo-1.2.3-linux-x64.tar.gz"), "something else");
    await expectRefusal(place, "the checksum of mellamo-1.2.3-linux-x64.tar.gz is not the one in SHA256SUMS");
  });
});

describe("it picks the archive of the machine", () => {
  test.concurrent.each([
    ["Linux", "x86_64", GLIBC, "linux-x64"],
    ["Linux", "amd64", GLIBC, "linux-x64"],
    ["Linux", "aarch64", GLIBC, "linux-arm64"],
    ["Linux", "x86_64", "musl libc (x86_64)", "linux-x64-musl"],
    ["Linux", "aarch64", "musl libc (aarch64)", "linux-arm64-musl"],
    ["Darwin", "arm64", "", "darwin-arm64"],
    ["Darwin", "x86_64", "", "darwin-x64"],
  ])("%s on %s with %s gets %s", async (system, processor, libc, target) => {
    await using place = await released();
    await machine(place, system, processor, libc);
    await place.fake("sysctl", "exit 1");
    expect(await place.install()).toMatchObject({ status: 0, err: "" });
    expect(await installed(place)).toBe(programText("1.2.3", target));
  });

  test.concurrent("a Mac that translates the shell gets that of its own processor", async () => {
    await using place = await released();
    await machine(place, "Darwin", "x86_64");
    await place.fake("sysctl", '[ "$*" = "-n sysctl.proc_translated" ] && echo 1');
    await place.install();
    expect(await installed(place)).toBe(programText("1.2.3", "darwin-arm64"));
  });

  test.concurrent.each([
    ["MINGW64_NT-10.0-22631", "x86_64", "on Windows unpack mellamo-VERSION-windows-x64.tar.gz by hand"],
    ["FreeBSD", "amd64", "there is no mellamo for FreeBSD"],
    ["Linux", "riscv64", "there is no mellamo for riscv64, only for x86_64 and arm64"],
    ["Linux", "i686", "there is no mellamo for i686"],
  ])("%s on %s is refused: %s", async (system, processor, why) => {
    await using place = await released();
    await machine(place, system, processor);
    await expectRefusal(place, why);
  });

  test.concurrent("a system of 32 bits on a processor of 64 is refused", async () => {
    await using place = await released();
    await machine(place, "Linux", "aarch64");
    await place.fake("getconf", "echo 32");
    await expectRefusal(place, "there is no mellamo for a system of 32 bits");
  });
});

/** All that it calls but what downloads and verifies. */
const TOOLS = [
  "sh",
  "cat",
  "chmod",
  "cp",
  "gzip",
  "id",
  "mkdir",
  "mktemp",
  "mv",
  "rm",
  "rmdir",
  "sed",
  "tail",
  "tar",
  "tr",
];

describe("it makes do with what there is", () => {
  for (const [loader, summer] of [
    ["curl", "sha256sum"],
    ["wget", "sha256sum"],
    ["curl", "shasum"],
  ] as const) {
    const isHere = Bun.which(loader) !== null && Bun.which(summer) !== null;
    test.concurrent.skipIf(!isHere)(`${loader} and ${summer}`, async () => {
      await using place = await released();
      await using server = served(place.release);
      // shasum is a script of Perl's
      await place.only(...TOOLS, loader, summer, ...(summer === "shasum" ? ["perl"] : []));
      expect(await place.install("--from", `${server.url}`)).toMatchObject({ status: 0, err: "" });
      expect(await installed(place)).toBe(programText("1.2.3", HERE));
    });
  }

  test.concurrent("without any that downloads, or verifies, it says so", async () => {
    await using place = await released();
    await place.only(...TOOLS);
    await expectRefusal(place, "there is neither curl nor wget here", "--from=http://127.0.0.1:9");
    await expectRefusal(place, "there is neither sha256sum nor shasum here");
  });
});

describe("where nobody says where, it goes", () => {
  test.concurrent("for a user below the home folder", async () => {
    await using place = await released();
    await place.fake("id", "echo 1000");
    await machine(place, "Linux", "x86_64");
    const child = Bun.spawn(["sh", join(place.release, "install.sh")], {
      env: {
        PATH: `${join(place.release, "../fakes")}:${process.env["PATH"] ?? ""}`,
        HOME: place.folder.at("h"),
      },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    expect([err, await child.exited]).toEqual(["", 0]);
    expect(out).toContain(`as ${place.folder.at("h/.local/bin/mellamo")}\n`);
    expect(await Bun.file(place.folder.at("h/.local/bin/mellamo")).text()).toBe(programText("1.2.3", HERE));
  });
});

test("--help says how it is called", async () => {
  await using place = await released();
  const { status, out, err } = await place.install("--help");
  expect({ status, err }).toEqual({ status: 0, err: "" });
  for (const option of ["--from FOLDER|URL", "--version V", "--dir D"]) expect(out).toContain(option);
});

test.skipIf(Bun.which("shellcheck") === null)("shellcheck has nothing to say against it", async () => {
  const child = Bun.spawn(["shellcheck", join(import.meta.dir, "../../scripts/install.sh")], {
    stdout: "pipe",
  });
  expect([await child.stdout.text(), await child.exited]).toEqual(["", 0]);
});
