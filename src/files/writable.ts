/** Sees beforehand whether a file could be saved, so that nobody learns it from the first change. */

import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { codeOf, fileTrouble } from "../domain/failure.ts";
import { behindLinks, isReadOnly } from "./replace-file.ts";

/** Why nothing could be saved there; undefined where, as far as can be seen, it could. */
export async function whyUnwritable(path: string): Promise<string | undefined> {
  try {
    const place = await behindLinks(path);
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory()) return "it is a folder";
    if (found !== undefined && isReadOnly(found)) return "it is read-only";
    return await whyClosed(dirname(place));
  } catch (failure) {
    return fileTrouble(failure);
  }
}

/** A folder that is not there yet is made in the nearest one that is. */
async function whyClosed(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (failure) {
    if (codeOf(failure) === "ENOENT" && dirname(folder) !== folder) return whyClosed(dirname(folder));
    return `${fileTrouble(failure)} in ${folder}`;
  }
}
