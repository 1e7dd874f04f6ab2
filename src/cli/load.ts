/** Loads the configuration for a command, and tells the user what is wrong with it. */

import type { Listen } from "../config/listen.ts";
import { type Loaded, type Origin, originOf, readConfiguration, refusalLines } from "../config/load.ts";
import { readListen } from "../config/read-listen.ts";
import { type Arguments, complain, CONFIG_OPTION, FAILED, MISUSED, textOption } from "./command.ts";

export interface Listening {
  readonly listen: Listen;
  /** Who says so, as users are told. */
  readonly source: string;
}

/** Where the router listens by the configuration, whatever else is wrong with that: variables of secrets, for one. */
export async function loadListen(asked: string | undefined): Promise<Listening | undefined> {
  const listen = (await listenSaid(asked)) ?? (await loadConfig(asked))?.config.server.listen;
  return listen && { listen, source: listenSource(originOf(asked, {}, process.env)) };
}

function listenSource({ file, given }: Origin): string {
  if (given.listen !== undefined) return `by ${given.listen.source}`;
  if (file !== undefined) return `by ${file}`;
  return given.isWhole ? "where gollamas listens" : "where it listens without a configuration file";
}

/** The same without a word to the user; undefined where the configuration cannot be read that far. */
export async function listenSaid(asked: string | undefined): Promise<Listen | undefined> {
  try {
    const { file, given } = originOf(asked, {}, process.env);
    const text = file === undefined ? "" : await Bun.file(file).text();
    return readListen(text, process.env, given);
  } catch {
    // whoever loads the whole tells what is wrong
    return undefined;
  }
}

/** Undefined after every mistake has been printed. */
export async function loadConfig(asked: string | undefined): Promise<Loaded | undefined> {
  const reading = await readConfiguration(asked);
  if (reading.kind === "config") return reading;
  for (const line of refusalLines(reading)) complain(line);
  return undefined;
}

/** As `loadConfig`, with what the command line says; the exit status where that, or the file, is wrong. */
export async function loadWith(args: Arguments): Promise<Loaded | number> {
  const reading = await readConfiguration(textOption(args, CONFIG_OPTION), args.values);
  if (reading.kind === "config") return reading;
  for (const line of refusalLines(reading)) complain(line.replaceAll("\n", "\u{fffd}"));
  return reading.isMisuse === true ? MISUSED : FAILED;
}
