/** Decides how this machine can run the program of a target, if at all. */

import { existsSync } from "node:fs";

import type { Target } from "./targets.ts";

/** What is there to run programs with. */
export interface Machine {
  readonly os: string;
  readonly arch: string;
  readonly has: (path: string) => boolean;
}

/** The beginning of a command line that runs the program, or why there is none. */
export type Runner = { readonly through: readonly string[] } | { readonly why: string };

export const HERE: Machine = { os: process.platform, arch: process.arch, has: existsSync };

/** Debian's qemu-user-static and libc6-arm64-cross. */
const QEMU = "/usr/bin/qemu-aarch64-static";
const QEMU_LIBC = "/usr/aarch64-linux-gnu";

/** How to run it here. A program for musl needs its loader and a libstdc++ made for it, which Alpine has and Debian does not. */
export function runnerOf({ os, arch, libc }: Target, { os: here, arch: own, has }: Machine = HERE): Runner {
  if (os !== (here === "win32" ? "windows" : here)) return { why: `made for ${os}` };
  if (arch !== own) {
    if (os !== "linux" || arch !== "arm64" || libc !== "glibc") return { why: `made for ${arch}` };
    return has(QEMU) && has(`${QEMU_LIBC}/lib/libc.so.6`)
      ? { through: [QEMU, "-L", QEMU_LIBC] }
      : { why: "no qemu-user-static with libc6-arm64-cross here" };
  }
  if (libc === "musl" && !(has(`/lib/ld-musl-${MUSL[arch]}.so.1`) && has("/usr/lib/libstdc++.so.6")))
    return { why: "no musl with its libstdc++ here" };
  if (libc === "glibc" && !has(LOADERS[arch])) return { why: "no glibc here" };
  return { through: [] };
}

const MUSL = { x64: "x86_64", arm64: "aarch64" } as const;
const LOADERS = { x64: "/lib64/ld-linux-x86-64.so.2", arm64: "/lib/ld-linux-aarch64.so.1" } as const;
