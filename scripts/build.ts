/** Builds the program for this machine: `bun run build` writes `dist/mellamo`. */

import { version } from "../package.json" with { type: "json" };
import { HEADER_LIMIT_FLAG } from "../src/http/header-limit.ts";
import { readCheckout } from "./release/checkout.ts";
import { ROOT } from "./release/run.ts";
import { dateOf, type Stamp, stampOf } from "./release/stamp.ts";
import type { Target } from "./release/targets.ts";

/**
 * How `bun build` is called, for this machine or another target. Nothing in the folder where the binary is started may
 * change what it does. The name of `outfile` goes into the bytes, its folder does not.
 */
export function buildCommand(
  outfile: string,
  stamp: Stamp,
  target: Pick<Target, "bun" | "hasBytecode"> | undefined = undefined,
): string[] {
  return [
    "build",
    "src/main.ts",
    "--compile",
    ...(target === undefined ? [] : [`--target=${target.bun}`]),
    ...(target?.hasBytecode === false ? [] : ["--bytecode"]),
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    `--compile-exec-argv=${HEADER_LIMIT_FLAG}`,
    ...Object.entries(constantsOf(stamp)).map(([name, value]) => `--define=${name}=${JSON.stringify(value)}`),
    `--outfile=${outfile}`,
  ];
}

/** Those that src/version.ts declares. */
function constantsOf(stamp: Stamp): Record<string, string> {
  const { version: BUILD_VERSION, commit: BUILD_COMMIT } = stamp;
  return BUILD_COMMIT === undefined
    ? { BUILD_VERSION }
    : { BUILD_VERSION, BUILD_COMMIT, BUILD_DATE: dateOf(stamp) };
}

if (import.meta.main) {
  const outfile = process.argv[2] ?? "dist/mellamo";
  const stamp = stampOf(version, await readCheckout(), process.env["SOURCE_DATE_EPOCH"]);
  const child = Bun.spawn([process.execPath, ...buildCommand(outfile, stamp)], {
    cwd: ROOT,
    stdout: "inherit",
    stderr: "inherit",
  });
  process.exitCode = await child.exited;
}
