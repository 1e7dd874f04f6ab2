/** A folder of a test's own, with files in it; it goes with the scope (`await using`). */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** The path of a file in it, whether the file is there or not. */
  at(name: string): string;
}

export async function folderOf(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "mellamo-test-"));
  const at = (name: string): string => join(path, name);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  }
  return {
    path,
    at,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
