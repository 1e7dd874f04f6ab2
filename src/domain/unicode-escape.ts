/** Writes characters as JSON and TOML have them who are not to stand there themselves. */

/** A character as `\u` and the four digits of its code. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
