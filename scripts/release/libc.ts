/**
 * Fetches the few files of libc6 that the program needs, from Debian's packages: those of the release that this machine
 * runs, as they are today. apt works in a folder of its own, so that the machine need not know the other architecture.
 */

import { cp, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { run } from "./run.ts";

/** What the C library consists of, for a program that was linked for glibc of 2012 or later. */
const FILES = /\/(ld-linux[\w-]*\.so\.\d|lib(c|m|dl|pthread)\.so\.\d)$|^usr\/share\/doc\/libc6\/copyright$/;

export interface Libc {
  readonly version: string;
  /** A folder that holds the files where they belong, links among them, and nothing else. */
  readonly folder: string;
}

/** One for each architecture, in order. `scratch` is a folder to work in. */
export async function fetchLibc(architectures: readonly string[], scratch: string): Promise<Libc[]> {
  const apt = join(scratch, "apt");
  await mkdir(join(apt, "lists", "partial"), { recursive: true });
  await mkdir(join(apt, "cache", "archives", "partial"), { recursive: true });
  const options = [
    `Dir::State::Lists=${join(apt, "lists")}`,
    `Dir::Cache=${join(apt, "cache")}`,
    ...architectures.map((architecture) => `APT::Architectures::=${architecture}`),
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option]);
  await run(["apt-get", ...options, "-qq", "update"]);
  const packages = architectures.map((architecture) => `libc6:${architecture}`);
  await run(["apt-get", ...options, "-qq", "download", ...packages], { cwd: apt });
  const files = await readdir(apt);
  const libcs: Libc[] = [];
  for (const architecture of architectures) {
    const file = files.find((name) => name.startsWith("libc6_") && name.endsWith(`_${architecture}.deb`));
    if (file === undefined) throw new Error(`apt-get has brought no libc6 for ${architecture}`);
    libcs.push(await unpack(join(apt, file), join(scratch, `libc-${architecture}`)));
  }
  return libcs;
}

async function unpack(file: string, folder: string): Promise<Libc> {
  const version = (await run(["dpkg-deb", "--field", file, "Version"])).trim();
  const whole = `${folder}-whole`;
  await run(["dpkg-deb", "--extract", file, whole]);
  for (const path of (await readdir(whole, { recursive: true })).filter((one) => FILES.test(one))) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await cp(join(whole, path), join(folder, path), { verbatimSymlinks: true });
  }
  return { version, folder };
}
