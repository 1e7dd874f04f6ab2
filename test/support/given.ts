/** Reads flags and variables inside a test, as the command line does, alone or over the text of a file. */

import { parseArguments } from "../../src/cli/arguments.ts";
import { CONFIG_OPTION } from "../../src/cli/command.ts";
import { GIVEN_OPTIONS } from "../../src/cli/given-options.ts";
import type { Environment } from "../../src/config/environment.ts";
import { type Flags, type Given, readGiven } from "../../src/config/given.ts";
import { mistakeText } from "../../src/config/mistake.ts";
import { type Read, readConfig } from "../../src/config/read.ts";
import { wordsOf } from "./flags.ts";

type Line = string | readonly string[];

export function flagsOf(line: Line): Flags {
  return parseArguments(wordsOf(line), [CONFIG_OPTION, ...GIVEN_OPTIONS]).values;
}

export function givenBy(line: Line, env: Environment = {}, isAlone = true): Given {
  return readGiven(flagsOf(line), env, isAlone);
}

/** Throws, with the mistakes, where there are any. */
export function readBy(line: Line, env: Environment = {}, toml = ""): Read & { readonly kind: "config" } {
  const read = readConfig(toml, "config.toml", env, givenBy(line, env, toml === ""));
  if (read.kind === "config") return read;
  throw new Error(`It has mistakes:\n${read.mistakes.map(mistakeText).join("\n")}`);
}

/** What is wrong, as users are told it. */
export function refusalOf(line: Line, env: Environment = {}, toml = ""): string {
  try {
    readBy(line, env, toml);
  } catch (failure) {
    if (failure instanceof Error) return failure.message.replace("It has mistakes:\n", "");
    throw failure;
  }
  throw new Error("It is not refused");
}

/** Pairs as `NAME=VALUE`. */
export function written(pairs: Given["proxies"]): string[] {
  return pairs.map(({ value: { name, value } }) => `${name}=${value}`);
}
