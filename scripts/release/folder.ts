/** Lays out what an archive holds: one folder with the program and all that belongs to it. */

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Extras } from "./extras.ts";
import { ROOT } from "./run.ts";
import type { Target } from "./targets.ts";

/** Where whoever unpacks an archive by hand puts the program, for all users of the machine. */
const PROGRAM = "/usr/local/bin/mellamo";
export const CONFIG = "/etc/mellamo/config.toml";

/** What a folder holds: paths in it, and the file each is a copy of, or its text. */
export type Layout = Readonly<Record<string, { readonly copy: string } | { readonly text: string }>>;

/** What the archive of a target holds. */
export function archiveLayout({ os, program }: Target, compiled: string, extras: Extras): Layout {
  const { bash, zsh, fish } = extras.completions;
  return {
    [program]: { copy: compiled },
    "README.md": { copy: join(ROOT, "README.md") },
    LICENSE: { copy: join(ROOT, "LICENSE") },
    "config.toml": { copy: join(ROOT, "config.toml") },
    ...(os === "windows"
      ? {}
      : {
          "completions/mellamo.bash": { text: bash },
          "completions/_mellamo": { text: zsh },
          "completions/mellamo.fish": { text: fish },
        }),
    ...(os === "linux" ? { "mellamo.service": { text: extras.unit(PROGRAM, CONFIG) } } : {}),
  };
}

/** Writes a layout into a folder, which is made. A copy that may be run stays one. */
export async function lay(layout: Layout, folder: string): Promise<void> {
  for (const [path, source] of Object.entries(layout)) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    if ("copy" in source) await copyFile(source.copy, place);
    else await writeFile(place, source.text);
  }
}
