/** Loads the configuration, and tells the user of a command what is wrong with it. */

import type { Config } from "../config/config.ts";
import { findConfig } from "../config/find.ts";
import type { Listen } from "../config/listen.ts";
import { type Mistake, mistakeText } from "../config/mistake.ts";
import { readListen } from "../config/read-listen.ts";
import { readConfig } from "../config/read.ts";
import { fileTrouble } from "../domain/failure.ts";
import { utf8 } from "../store/read-file.ts";
import { complain } from "./command.ts";

export interface Loaded {
  readonly config: Config;
  /** Undefined: there is none, and all is as it is without one. */
  readonly file: string | undefined;
  /** What was read. */
  readonly text: string;
}

/** What came of reading a configuration. Without mistakes it is refused for a file that cannot be read at all. */
export type Reading =
  | ({ readonly kind: "config" } & Loaded)
  | { readonly kind: "refused"; readonly error: string; readonly mistakes: readonly Mistake[] };

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
export function refusalLines({ error, mistakes }: Extract<Reading, { kind: "refused" }>): string[] {
  return mistakes.length === 0 ? [error] : mistakes.map(mistakeText);
}

/** Where the router listens by the configuration, whatever else is wrong with that: variables of secrets, for one. */
export async function loadListen(asked: string | undefined): Promise<Listen | undefined> {
  const file = findConfig(asked, process.env);
  const text =
    file === undefined
      ? ""
      : await Bun.file(file)
          .text()
          .catch(() => "[");
  return readListen(text, process.env) ?? (await loadConfig(asked))?.config.server.listen;
}

/** Undefined after every mistake has been printed. */
export async function loadConfig(asked: string | undefined): Promise<Loaded | undefined> {
  const reading = await readConfiguration(asked);
  if (reading.kind === "config") return reading;
  for (const line of refusalLines(reading)) complain(line);
  return undefined;
}
