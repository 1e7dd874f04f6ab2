/** Looks for the configuration file where people put it. */

import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Environment } from "./environment.ts";
import { homeOf } from "./home.ts";

/**
 * The file that is to be read: the one that was asked for, whether it is there or not; else the first of the usual
 * ones that is; else undefined.
 */
export function findConfig(asked: string | undefined, env: Environment): string | undefined {
  const named = asked ?? env["MELLAMO_CONFIG"];
  if (named !== undefined && named !== "") return named;
  return usualPlaces(env).find((path) => existsSync(path));
}

function usualPlaces(env: Environment): string[] {
  return [FOLDERS_CONFIG, usersConfig(env), "/etc/mellamo/config.toml"];
}

/** That of the folder where the router is started. */
export const FOLDERS_CONFIG = "config.toml";

/** The user's own, which is found from wherever the router is started. */
export function usersConfig(env: Environment): string {
  const user = env["XDG_CONFIG_HOME"] || env["APPDATA"] || join(homeOf(env), ".config");
  return join(user, "mellamo", "config.toml");
}
