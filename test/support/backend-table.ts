/** Writes the configuration of one backend. */

/** A `[[backend]]` table; `more` are further lines of it. */
export function backendTable(name: string, url: string, more = ""): string {
  return `[[backend]]\nname = ${JSON.stringify(name)}\nurl = ${JSON.stringify(url)}\n${more}\n`;
}
