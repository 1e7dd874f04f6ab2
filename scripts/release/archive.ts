/** Packs files so that the same files make the same bytes, whenever and by whomever they are packed. Needs GNU tar and gzip. */

import { basename, dirname } from "node:path";

import { run } from "./run.ts";

/** Whose files are in the archive, by number. */
export type Owner = number;

/** Adds what is at `paths` in `folder` to a tar file, or begins one. Whatever the umask was, all may read, and run what runs. */
export async function tar(
  file: string,
  folder: string,
  paths: readonly string[],
  epochS: number,
  owner: Owner = 0,
): Promise<void> {
  const how = (await Bun.file(file).exists()) ? "--append" : "--create";
  const same = ["--format=gnu", "--sort=name", `--mtime=@${epochS}`, "--mode=u=rwX,go=rX"];
  const whose = [`--owner=${owner}`, `--group=${owner}`, "--numeric-owner"];
  await run(["tar", how, `--file=${file}`, `--directory=${folder}`, ...same, ...whose, "--", ...paths]);
}

/** Puts `file.gz` in the place of `file`, and returns its path. */
export async function gzip(file: string): Promise<string> {
  await run(["gzip", "--no-name", file]);
  return `${file}.gz`;
}

/** Packs a folder under its own name. `file` ends with `.tar.gz`. */
export async function packFolder(folder: string, file: string, epochS: number): Promise<void> {
  const plain = file.slice(0, -".gz".length);
  await tar(plain, dirname(folder), [basename(folder)], epochS);
  await gzip(plain);
}
