/** What a release is built for. */

export interface Target {
  /** As files are named after it. */
  readonly name: string;
  /** As `bun build --target` calls it. */
  readonly bun: string;
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "x64" | "arm64";
  /** Of Linux: the C library that the program needs. */
  readonly libc?: "glibc" | "musl";
  /** The file that people run. */
  readonly program: "mellamo" | "mellamo.exe";
  /** As Debian calls its architecture, where there is a package for it. */
  readonly debian?: "amd64" | "arm64";
  /**
   * Whether it starts from bytecode. That is written for one engine on one system: the Linux programs were seen to use
   * it (`BUN_JSC_verboseDiskCache=1` tells), elsewhere nobody has looked, and one that does not fit may end the program.
   */
  readonly hasBytecode: boolean;
}

/** Bun has one runtime for all x64 since 1.4: it needs SSE4.2, and uses AVX where there is one. */
export const TARGETS: readonly Target[] = [
  linux("x64", "glibc"),
  linux("x64", "musl"),
  linux("arm64", "glibc"),
  linux("arm64", "musl"),
  other("darwin", "x64"),
  other("darwin", "arm64"),
  other("windows", "x64"),
];

function linux(arch: Target["arch"], libc: "glibc" | "musl"): Target {
  const name = `linux-${arch}${libc === "musl" ? "-musl" : ""}`;
  const target = { name, bun: `bun-${name}`, os: "linux", arch, libc, program: "mellamo" } as const;
  const debian = ({ x64: "amd64", arm64: "arm64" } as const)[arch];
  return { ...target, hasBytecode: true, ...(libc === "glibc" ? { debian } : {}) };
}

function other(os: "darwin" | "windows", arch: Target["arch"]): Target {
  const name = `${os}-${arch}`;
  const program = os === "windows" ? "mellamo.exe" : "mellamo";
  return { name, bun: `bun-${name}`, os, arch, program, hasBytecode: false };
}

/** The targets that were asked for, in the order they are built in; all, where none was. Throws for a name of none. */
export function chosenTargets(names: readonly string[]): readonly Target[] {
  const strange = names.find((name) => TARGETS.every((target) => target.name !== name));
  if (strange !== undefined)
    throw new Error(`no target is called "${strange}": ${TARGETS.map(({ name }) => name).join(", ")}`);
  return names.length === 0 ? TARGETS : TARGETS.filter(({ name }) => names.includes(name));
}
