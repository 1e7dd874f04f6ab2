/** Builds the program for this machine: `bun run build` writes `dist/mellamo`. */

import { join } from "node:path";

import { version } from "../package.json" with { type: "json" };
import { HEADER_LIMIT_FLAG } from "../src/http/header-limit.ts";

/** How `bun build` is called. Nothing in the folder where the binary is started may change what it does. */
export function buildCommand(outfile: string, stamp: string): string[] {
  return [
    "build",
    "src/main.ts",
    "--compile",
    "--bytecode",
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    `--compile-exec-argv=${HEADER_LIMIT_FLAG}`,
    `--define=BUILD_VERSION=${JSON.stringify(stamp)}`,
    `--outfile=${outfile}`,
  ];
}

if (import.meta.main) {
  const outfile = process.argv[2] ?? "dist/mellamo";
  const child = Bun.spawn([process.execPath, ...buildCommand(outfile, `${version}-dev`)], {
    cwd: join(import.meta.dir, ".."),
    stdout: "inherit",
    stderr: "inherit",
  });
  process.exitCode = await child.exited;
}
