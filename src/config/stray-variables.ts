/** Finds variables of the environment that were meant for this program, and are none that it reads. */

import { nearest } from "../domain/nearest.ts";
import type { Environment } from "./environment.ts";

const VARIABLES = ["LISTEN", "LEVEL", "CONNECTIONS", "PROXIES", "ALIASES", "LIST_ALIASES"].map(
  (name) => `GOLLAMAS_${name}`,
);

/** A line for each variable that looks as if it were read here. */
export function strayVariables(env: Environment): string[] {
  const strays = Object.keys(env).filter((name) => /^GOLLAMAS_/.test(name) && !VARIABLES.includes(name));
  return strays.map((name) => {
    const [near] = nearest(name, VARIABLES, 1);
    return `${name} is not read${near === undefined ? "" : `, did you mean ${near}?`}`;
  });
}
