/** Where the alias store is. */

import { dirname, join, resolve } from "node:path";

import type { Environment } from "./environment.ts";
import { homeOf } from "./home.ts";

const FILE = "server.json";

/** A path of the configuration: `~/` is the user's home, and a relative one begins where the configuration file is. */
export function storePathOf(written: string, configFile: string, env: Environment): string {
  return written.startsWith("~/")
    ? join(homeOf(env), written.slice(2))
    : resolve(configFile === "" ? "." : dirname(configFile), written);
}

/** What systemd gives a service with `StateDirectory=`, else the user's state folder. */
export function usualStorePath(env: Environment): string {
  const [given] = env["STATE_DIRECTORY"]?.split(":") ?? [];
  if (given !== undefined && given !== "") return join(given, FILE);
  const state = env["XDG_STATE_HOME"] || env["LOCALAPPDATA"] || join(homeOf(env), ".local", "state");
  return join(state, "mellamo", FILE);
}
