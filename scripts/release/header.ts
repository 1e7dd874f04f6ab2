/** Reads for what system an executable was made, from its first bytes: ELF, Mach-O or PE. */

import type { Target } from "./targets.ts";

/** What the header tells of a target: all of it but its name. */
export type Made = Pick<Target, "os" | "arch" | "libc">;

/** Enough for every header; the interpreter of an ELF file and the PE header stand near the beginning. */
export const HEAD_BYTES = 4096;

/** Undefined for what is no executable of a system and a machine that are known here. */
export function madeFor(head: Uint8Array): Made | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 64) return undefined;
  if (view.getUint32(0) === 0x7f_45_4c_46) return elf(view, head);
  if (view.getUint32(0, true) === 0xfeed_facf) return machO(view);
  return view.getUint16(0) === 0x4d_5a ? pe(view) : undefined;
}

/** e_machine: 62 is AMD64, 183 AArch64 (System V ABI). The interpreter is the loader of a C library. */
function elf(view: DataView, head: Uint8Array): Made | undefined {
  const arch = { 62: "x64", 183: "arm64" } as const;
  const known = arch[view.getUint16(18, true) as keyof typeof arch];
  const text = new TextDecoder("latin1").decode(head);
  const [, loader] = /\/ld-(linux|musl)-[\w-]+\.so\.\d/.exec(text) ?? [];
  if (known === undefined || loader === undefined) return undefined;
  return { os: "linux", arch: known, libc: loader === "musl" ? "musl" : "glibc" };
}

/** cputype: 7 is x86 and 12 ARM, with the bit for 64 (mach/machine.h). */
function machO(view: DataView): Made | undefined {
  const arch = { 0x100_0007: "x64", 0x100_000c: "arm64" } as const;
  const known = arch[view.getUint32(4, true) as keyof typeof arch];
  return known && { os: "darwin", arch: known };
}

/** e_lfanew leads to "PE\0\0" and the machine: 0x8664 is AMD64, 0xaa64 ARM64 (Microsoft's PE format). */
function pe(view: DataView): Made | undefined {
  const arch = { 0x8664: "x64", 0xaa64: "arm64" } as const;
  const at = view.getUint32(60, true);
  if (at + 6 > view.byteLength || view.getUint32(at) !== 0x50_45_00_00) return undefined;
  const known = arch[view.getUint16(at + 4, true) as keyof typeof arch];
  return known && { os: "windows", arch: known };
}

/** An executable that has no engine in it is far smaller. */
const LEAST_BYTES = 50_000_000;

/** Why a file cannot be the program of a target; undefined where it can, by its header and size. */
export async function whyNot(file: string, { os, arch, libc }: Target): Promise<string | undefined> {
  const program = Bun.file(file);
  if (program.size < LEAST_BYTES) return `it has ${program.size} bytes, expected ${LEAST_BYTES} or more`;
  const made = madeFor(await program.slice(0, HEAD_BYTES).bytes());
  const isRight = made?.os === os && made.arch === arch && made.libc === libc;
  return isRight
    ? undefined
    : `its header says ${textOf(made)}, expected ${textOf({ os, arch, ...(libc && { libc }) })}`;
}

function textOf(made: Made | undefined): string {
  return made === undefined ? "nothing known" : [made.os, made.arch, made.libc ?? []].flat().join(" ");
}
