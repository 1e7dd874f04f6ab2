/** The sums of a release's files, as `sha256sum --check` reads them. */

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const SUMS = "SHA256SUMS";

/** Writes the sums of all other files of the folder, sorted by name. */
export async function writeSums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== SUMS).sort();
  const lines: string[] = [];
  for (const name of names) lines.push(`${await sha256(join(folder, name))}  ${name}\n`);
  await writeFile(join(folder, SUMS), lines.join(""));
}

/** The sum of a file, in hexadecimal digits. */
export async function sha256(file: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(file).stream()) hasher.update(chunk);
  return hasher.digest("hex");
}
