/** A configuration that says no more than where backends are. */

import type { Config } from "../config/config.ts";
import { readConfigurationText } from "../config/load.ts";
import { inlineToml } from "../config/toml-text.ts";

/** `urls` are origins; without any, engines are presumed on the usual ports of this machine. */
export function configOver(urls: readonly string[]): Config {
  const tables = urls.map((url) => `[[backend]]\nurl = ${inlineToml(url)}\n`);
  const reading = readConfigurationText(tables.join(""), undefined);
  if (reading.kind === "refused") throw new Error(`Cannot look around: ${reading.error}`);
  return reading.config;
}
