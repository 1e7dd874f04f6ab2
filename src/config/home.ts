/** The user's home folder. */

import { homedir } from "node:os";

import type { Environment } from "./environment.ts";

/** It is "/", as daemons have it, for a user whom the machine does not know: one that is only a number, in a container. */
export function homeOf(env: Environment): string {
  if (env["HOME"]) return env["HOME"];
  try {
    return homedir();
  } catch {
    return "/";
  }
}
