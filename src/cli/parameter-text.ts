/** Parameters as people read them. */

import type { Parameters, Values } from "../domain/parameters.ts";

/** `num_ctx = 8192, keep_alive = "30m"; forced: temperature = 0`; "" for none. */
export function parametersText({ force, ...defaults }: Parameters): string {
  const forced = valuesText(force ?? {});
  return [valuesText(defaults), forced === "" ? "" : `forced: ${forced}`].filter(Boolean).join("; ");
}

function valuesText({ options, keep_alive: keepAlive }: Values): string {
  const said = [
    ...Object.entries(options ?? {}),
    ...(keepAlive === undefined ? [] : [["keep_alive", keepAlive]]),
  ];
  return said.map(([name, value]) => `${String(name)} = ${JSON.stringify(value)}`).join(", ");
}
