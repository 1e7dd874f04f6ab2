/** Loads the configuration: finds its file, reads it, and says what is wrong. */

import { fileTrouble } from "../domain/failure.ts";
import { utf8 } from "../files/read-file.ts";
import type { Config } from "./config.ts";
import type { Environment } from "./environment.ts";
import { findConfig } from "./find.ts";
import { BadGiven, type Flags, type Given, readGiven } from "./given.ts";
import { type Mistake, mistakeText } from "./mistake.ts";
import { readConfig, type Written } from "./read.ts";

export interface Loaded {
  readonly config: Config;
  /** Undefined: there is none, and all is as it is without one. */
  readonly file: string | undefined;
  /** What was read. */
  readonly text: string;
  /** What it says, beside flags and variables. */
  readonly written: Written;
}

/** Why a configuration is not taken. Without mistakes it is a file that cannot be read at all. */
export interface Refusal {
  readonly kind: "refused";
  readonly error: string;
  readonly mistakes: readonly Mistake[];
  /** Whether a flag or a variable is wrong, rather than a file. */
  readonly isMisuse?: boolean;
}

export type Reading = ({ readonly kind: "config" } & Loaded) | Refusal;

/**
 * Reads the configuration that was asked for, or that is found where people put it, by `read`, its text; and what flags
 * and variables say.
 */
export async function readConfiguration(
  asked: string | undefined,
  flags: Flags = {},
  read: (file: string) => Promise<string> = readOnce,
): Promise<Reading> {
  let origin: Origin;
  try {
    origin = originOf(asked, flags, process.env);
  } catch (bad) {
    if (!(bad instanceof BadGiven)) throw bad;
    return { kind: "refused", error: bad.message, mistakes: [], isMisuse: true };
  }
  const { file, given } = origin;
  try {
    return readConfigurationText(file === undefined ? "" : await read(file), file, given);
  } catch (failure) {
    const error = `Cannot read configuration "${file}": ${fileTrouble(failure)}`;
    return { kind: "refused", error, mistakes: [] };
  }
}

/** Where a configuration comes from. */
export interface Origin {
  readonly file: string | undefined;
  readonly given: Given;
}

/** Throws `BadGiven`. Whoever says all by flags and variables has no file, unless they name one. */
export function originOf(asked: string | undefined, flags: Flags, env: Environment): Origin {
  const given = readGiven(flags, env, false);
  const file = given.isWhole ? asked || undefined : findConfig(asked, env);
  if (file !== undefined) return { file, given };
  const alone = readGiven(flags, env, true);
  const skipped = given.isWhole ? findConfig(undefined, env) : undefined;
  const why = `${skipped} is not read: flags and variables say it all (but for --config FILE)`;
  return { file, given: skipped === undefined ? alone : { ...alone, warnings: [...alone.warnings, why] } };
}

/** A command's argument may be a pipe: `--config <(…)`. */
async function readOnce(file: string): Promise<string> {
  return utf8(await Bun.file(file).bytes());
}

export function readConfigurationText(text: string, file: string | undefined, given?: Given): Reading {
  const read = readConfig(text, file ?? "", process.env, given);
  if (read.kind === "config") return { ...read, file, text };
  const { mistakes } = read;
  if (mistakes.some(({ source }) => source !== undefined)) {
    const [first] = mistakes.flatMap((one) => (one.source === undefined ? [] : [mistakeText(one)]));
    return { kind: "refused", error: first ?? "", mistakes: [], isMisuse: true };
  }
  const error = `The configuration "${file}" has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}`;
  return { kind: "refused", error, mistakes };
}

/** What is wrong, a line each. */
export function refusalLines({ error, mistakes }: Refusal): string[] {
  return mistakes.length === 0 ? [error] : mistakes.map(mistakeText);
}
