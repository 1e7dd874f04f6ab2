/** Loads the configuration: finds its file, reads it, and says what is wrong. */

import { fileTrouble } from "../domain/failure.ts";
import { utf8 } from "../files/read-file.ts";
import type { Config } from "./config.ts";
import { findConfig } from "./find.ts";
import { type Mistake, mistakeText } from "./mistake.ts";
import { readConfig } from "./read.ts";

export interface Loaded {
  readonly config: Config;
  /** Undefined: there is none, and all is as it is without one. */
  readonly file: string | undefined;
  /** What was read. */
  readonly text: string;
}

/** Why a configuration is not taken. Without mistakes it is a file that cannot be read at all. */
export interface Refusal {
  readonly kind: "refused";
  readonly error: string;
  readonly mistakes: readonly Mistake[];
}

export type Reading = ({ readonly kind: "config" } & Loaded) | Refusal;

/** Reads the configuration that was asked for, or that is found where people put it: by `read`, its text. */
export async function readConfiguration(
  asked: string | undefined,
  read: (file: string) => Promise<string> = readOnce,
): Promise<Reading> {
  const file = findConfig(asked, process.env);
  try {
    return readConfigurationText(file === undefined ? "" : await read(file), file);
  } catch (failure) {
    const error = `Cannot read configuration "${file}": ${fileTrouble(failure)}`;
    return { kind: "refused", error, mistakes: [] };
  }
}

/** A command's argument may be a pipe: `--config <(…)`. */
async function readOnce(file: string): Promise<string> {
  return utf8(await Bun.file(file).bytes());
}

export function readConfigurationText(text: string, file: string | undefined): Reading {
  const read = readConfig(text, file ?? "", process.env);
  if (read.kind === "config") return { kind: "config", config: read.config, file, text };
  const { mistakes } = read;
  const error = `The configuration "${file}" has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}`;
  return { kind: "refused", error, mistakes };
}

/** What is wrong, a line each. */
export function refusalLines({ error, mistakes }: Refusal): string[] {
  return mistakes.length === 0 ? [error] : mistakes.map(mistakeText);
}
