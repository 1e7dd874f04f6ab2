/** Writes the configuration of one backend. */

/** A `[[backend]]` table; `more` are further lines of it. */
export function backendTable(name: string, url: string, more = ""): string {
  return `[[backend]]\nname = "${name}"\nurl = "${url}"\n${more}\n`;
}
