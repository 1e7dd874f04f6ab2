/** Reads a configuration inside a test: what it means, or each of its mistakes as the line that users see. */

import type { Config } from "../../src/config/config.ts";
import type { Environment } from "../../src/config/environment.ts";
import { mistakeText } from "../../src/config/mistake.ts";
import { readConfig } from "../../src/config/read.ts";

/** Throws, with the mistakes, where there are any. */
export function configOf(toml: string, env: Environment = {}): Config {
  const read = readConfig(toml, "config.toml", env);
  if (read.kind === "config") return read.config;
  throw new Error(`It has mistakes:\n${read.mistakes.map(mistakeText).join("\n")}`);
}

/** `LINE:COLUMN: PATH: MESSAGE` of each, in the order they are told; empty where all is well. */
export function mistakesOf(toml: string, env: Environment = {}): string[] {
  const read = readConfig(toml, "config.toml", env);
  if (read.kind === "config") return [];
  return read.mistakes.map((mistake) => mistakeText(mistake).replace(/^config\.toml:/, ""));
}
