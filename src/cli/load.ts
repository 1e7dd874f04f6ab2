/** Loads the configuration for a command, and tells the user what is wrong with it. */

import type { Config } from "../config/config.ts";
import { findConfig } from "../config/find.ts";
import type { Listen } from "../config/listen.ts";
import { mistakeText } from "../config/mistake.ts";
import { readListen } from "../config/read-listen.ts";
import { readConfig } from "../config/read.ts";
import { codeOf } from "../fleet/cause.ts";
import { complain } from "./command.ts";

export interface Loaded {
  readonly config: Config;
  /** Undefined: there is none, and all is as it is without one. */
  readonly file: string | undefined;
}

/** Where the router listens by the configuration, whatever else is wrong with that: variables of secrets, for one. */
export async function loadListen(asked: string | undefined): Promise<Listen | undefined> {
  const file = findConfig(asked, process.env);
  const text = file === undefined ? "" : await readText(file);
  if (text === undefined) return undefined;
  const listen = readListen(text, process.env);
  return listen ?? (await loadConfig(asked))?.config.server.listen;
}

/** Undefined after every mistake has been printed. */
export async function loadConfig(asked: string | undefined): Promise<Loaded | undefined> {
  const file = findConfig(asked, process.env);
  const text = file === undefined ? "" : await readText(file);
  if (text === undefined) return undefined;
  const read = readConfig(text, file ?? "", process.env);
  if (read.kind === "config") return { config: read.config, file };
  for (const mistake of read.mistakes) complain(mistakeText(mistake));
  return undefined;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await Bun.file(file).text();
  } catch (failure) {
    complain(`Cannot read configuration "${file}": ${WORDS[codeOf(failure)] ?? codeOf(failure)}`);
    return undefined;
  }
}

const WORDS: Record<string, string> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
};
