/** Reads of a configuration only where the router listens, for those who want to talk to it. */

import { parse, TomlError } from "smol-toml";
import * as v from "valibot";

import { type Environment, expandVariables } from "./environment.ts";
import type { Listen } from "./listen.ts";
import type { Fault } from "./mistake.ts";
import { ServerSection } from "./schema.ts";

/** Undefined where the file cannot be read that far. */
export function readListen(toml: string, env: Environment): Listen | undefined {
  try {
    const faults: Fault[] = [];
    const { server = {} } = parse(toml);
    const read = v.safeParse(ServerSection, expandVariables(server, env, faults));
    return read.success && faults.length === 0 ? read.output.listen : undefined;
  } catch (error) {
    if (error instanceof TomlError) return undefined;
    throw error;
  }
}
