/** A made-up release: archives of a program that says nothing but what it is, and the installer beside them. */

import { expect } from "bun:test";
import { chmod, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { type Folder, folderOf } from "./folder.ts";
import type { Result } from "./mellamo.ts";

const SCRIPT = join(import.meta.dir, "..", "..", "scripts", "install.sh");

export const TARGETS = [
  "linux-x64",
  "linux-x64-musl",
  "linux-arm64",
  "linux-arm64-musl",
  "darwin-x64",
  "darwin-arm64",
] as const;

/** That of the machine that `released` makes of this one. */
export const HERE = "linux-x64";

export const GLIBC = "ldd (Debian GLIBC 2.41-12) 2.41";

/** Has `uname` and `ldd` tell of another machine. */
export async function machine(
  place: Installing,
  system: string,
  processor: string,
  libc = GLIBC,
): Promise<void> {
  await place.fake("uname", `case $1 in -s) echo ${system} ;; -m) echo ${processor} ;; esac`);
  await place.fake("ldd", `echo '${libc}' >&2`);
  await place.fake("getconf", "echo 64");
}

/** A release of version 1.2.3 for all machines, on a machine that is known. */
export async function released(shell?: readonly string[], name?: string): Promise<Installing> {
  const place = await installing(shell, name);
  for (const target of TARGETS) await place.publish("1.2.3", target);
  await machine(place, "Linux", "x86_64");
  return place;
}

/** What the installer has put in place. */
export function installed(place: Installing): Promise<string> {
  return readFile(join(place.bin, "mellamo"), "utf8");
}

/** That the release could not be installed: why, in one line, and nothing is there that was not there before. */
export async function expectRefusal(
  place: Installing,
  why: string | RegExp,
  ...args: string[]
): Promise<void> {
  const before = await place.left();
  const { status, out, err } = await place.install(...args);
  expect({ status, out, err }).toEqual({
    status: 1,
    out: "",
    err: expect.stringMatching(/^install\.sh: .+\n$/),
  });
  expect(err).toMatch(why);
  expect(await place.left()).toEqual(before);
}

/** A program as a shell script; `--version` tells which it is. */
export function programText(version: string, target: string): string {
  return `#!/bin/sh\n[ "$1" = --version ] && echo "mellamo ${version} (${target})"\n`;
}

export interface Installing extends AsyncDisposable {
  readonly folder: Folder;
  /** The folder of the release. */
  readonly release: string;
  /** Where the program goes if nobody says otherwise: a folder that is not there. */
  readonly bin: string;
  /** Puts a program of this text into the release, with its checksum. */
  readonly publish: (version: string, target: string, text?: string) => Promise<void>;
  /** A program that takes the place of the system's; `body` is the rest of a shell script. */
  readonly fake: (name: string, body: string) => Promise<void>;
  /** Hides every program but these, and those that are fakes. */
  readonly only: (...names: string[]) => Promise<void>;
  /** Runs the installer of the release, with `--dir` of `bin` unless the arguments say where. */
  readonly install: (...args: string[]) => Promise<Result>;
  /** Starts it as the leader of a group of processes. */
  readonly start: (...args: string[]) => Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** The files that are there, and temporary folders: all but the release and the fakes. */
  readonly left: () => Promise<string[]>;
}

/** `shell` is what runs the script; `name` that of the folder around all. */
export async function installing(shell: readonly string[] = ["sh"], name = "place"): Promise<Installing> {
  const folder = await folderOf();
  const at = (path: string): string => join(folder.path, name, path);
  const [release, bin, fakes, tmp] = [at("release"), at("prefix/bin"), at("fakes"), at("tmp")];
  for (const path of [release, fakes, tmp, at("home")]) await mkdir(path, { recursive: true });
  await copyFile(SCRIPT, join(release, "install.sh"));
  await writeFile(join(release, "SHA256SUMS"), "");
  let path = `${fakes}:${process.env["PATH"] ?? ""}`;

  const fake = async (program: string, body: string): Promise<void> => {
    await rm(join(fakes, program), { force: true });
    await writeFile(join(fakes, program), `#!/bin/sh\n${body}\n`);
    await chmod(join(fakes, program), 0o755);
  };
  // nothing of the machine's own may be asked, let alone restarted
  await fake("systemctl", "exit 1");

  const start = (...args: string[]): Bun.Subprocess<"ignore", "pipe", "pipe"> =>
    Bun.spawn(
      [
        ...shell,
        join(release, "install.sh"),
        ...args,
        ...(args.some((one) => one.startsWith("--dir")) ? [] : ["--dir", bin]),
      ],
      {
        cwd: at("."),
        env: { PATH: path, HOME: at("home"), TMPDIR: tmp },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        detached: true,
      },
    );

  return {
    folder,
    release,
    bin,
    fake,
    start,
    async publish(version, target, text = programText(version, target)) {
      const label = `mellamo-${version}-${target}`;
      const work = at(`work/${label}`);
      await mkdir(join(work, "completions"), { recursive: true });
      await writeFile(join(work, "mellamo"), text);
      await chmod(join(work, "mellamo"), 0o755);
      for (const file of ["mellamo.bash", "_mellamo", "mellamo.fish"])
        await writeFile(join(work, "completions", file), `# of ${version}\n`);
      const archive = join(release, `${label}.tar.gz`);
      await Bun.$`tar -czf ${archive} -C ${at("work")} ${label}`;
      await rm(at("work"), { recursive: true });
      const sum = new Bun.CryptoHasher("sha256").update(await readFile(archive)).digest("hex");
      const sums = join(release, "SHA256SUMS");
      await writeFile(sums, `${await readFile(sums, "utf8")}${sum}  ${label}.tar.gz\n`);
    },
    async only(...names) {
      for (const one of names) {
        const found = Bun.which(one);
        if (found === null) throw new Error(`There is no ${one} here`);
        await symlink(found, join(fakes, one));
      }
      path = fakes;
    },
    async install(...args) {
      const child = start(...args);
      const [out, err, status] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
      return { status, out, err };
    },
    async left() {
      const all = await readdir(at("."), { recursive: true, withFileTypes: true });
      return all
        .filter((one) => !one.isDirectory() || one.parentPath === tmp)
        .map((one) => join(one.parentPath, one.name).slice(at(".").length + 1))
        .filter((one) => !/^(release|fakes)\//.test(one))
        .sort();
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Serves a folder over HTTP. A file that is named in `hanging` begins, and never ends. */
export function served(folder: string, hanging?: string): Bun.Server<undefined> {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const name = new URL(request.url).pathname.slice(1);
      if (name === hanging) return new Response(new ReadableStream({ start: (to) => to.enqueue("begun") }));
      const file = Bun.file(join(folder, name));
      return (await file.exists()) ? new Response(file) : new Response("no such file", { status: 404 });
    },
  });
}
