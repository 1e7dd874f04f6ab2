/** Reads of a configuration only where the router listens, for those who want to talk to it. */

import { parse, TomlError } from "smol-toml";
import * as v from "valibot";

import { type Environment, expandVariables } from "./environment.ts";
import { type Given, NOTHING_GIVEN } from "./given.ts";
import type { Listen } from "./listen.ts";
import type { Fault } from "./mistake.ts";
import { overlay } from "./overlay.ts";
import { ServerSection } from "./schema.ts";

/** Undefined where the file cannot be read that far. What is no TOML may stand below: a router goes on with the last good file. */
export function readListen(toml: string, env: Environment, given: Given = NOTHING_GIVEN): Listen | undefined {
  try {
    return listenIn(overlay(parse(toml), given).table, env);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const above = toml
      .split("\n")
      .slice(0, error.line - 1)
      .join("\n");
    return above.length < toml.length ? readListen(above, env, given) : undefined;
  }
}

function listenIn({ server = {} }: Record<string, unknown>, env: Environment): Listen | undefined {
  const faults: Fault[] = [];
  const read = v.safeParse(ServerSection, expandVariables(server, env, faults));
  return read.success && faults.length === 0 ? read.output.listen : undefined;
}
