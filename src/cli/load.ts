/** Loads the configuration for a command, and tells the user what is wrong with it. */

import { findConfig } from "../config/find.ts";
import type { Listen } from "../config/listen.ts";
import { type Loaded, readConfiguration, refusalLines } from "../config/load.ts";
import { readListen } from "../config/read-listen.ts";
import { complain } from "./command.ts";

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
