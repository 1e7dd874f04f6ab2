/** The machine that the command runs on, and how it was called there. */

import type { Machine } from "../systemd/machine.ts";
import { isCompiled } from "./executable.ts";

export function thisMachine(): Machine {
  return {
    root: "/",
    program: isCompiled() ? process.execPath : undefined,
    isRoot: process.getuid?.() === 0,
    env: process.env,
  };
}

/** What begins a command line of this program, for people who type it. */
export function commandLine(): string {
  return isCompiled() ? process.execPath : `${process.execPath} ${Bun.main}`;
}
