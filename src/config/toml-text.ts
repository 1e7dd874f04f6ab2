/** Writes values as TOML has them, so that the configuration reads them back. */

import { stringify } from "smol-toml";

import { unicodeEscape } from "../domain/unicode-escape.ts";
import { dotted } from "./mistake.ts";

/** A value on one line. What looks like a variable in it is meant as it is. */
export function inlineToml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineToml).join(", ")}]`;
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    const pairs = Object.entries(value).map(([key, item]) => `${keyToml(key)} = ${inlineToml(item)}`);
    return `{ ${pairs.join(", ")} }`;
  }
  const meant = typeof value === "string" ? value.replaceAll("${", "$$${") : value;
  return escaped(stringify({ value: meant }).trim().slice("value = ".length));
}

export function keyToml(key: string): string {
  return escaped(dotted([key]));
}

/** A terminal gets no control characters. */
function escaped(text: string): string {
  return text.replaceAll(/[\x7f-\x9f]/g, unicodeEscape);
}
