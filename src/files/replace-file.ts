/** Replaces a file so that a crash at any instant leaves the old or the new one. */

import { link, mkdir, open, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";

import { codeOf } from "../domain/failure.ts";
import { expectFile } from "./read-file.ts";

/** Only its owner may read a new file, unless it is public: what people call their models may be nobody's business. */
const PRIVATE = { file: 0o600, folder: 0o700 };
const PUBLIC = { file: 0o644, folder: 0o755 };

/** Longer chains of symbolic links are circles. */
const MAX_LINKS = 40;

/** Somebody else has written to the file meanwhile. */
export class FileChanged extends Error {
  override readonly name = "FileChanged";
}

export class ReadOnlyFile extends Error {
  override readonly name = "ReadOnlyFile";
}

/** Where a path leads by its symbolic links, whether there is anything or not. */
export async function behindLinks(path: string): Promise<string> {
  let place = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      return await realpath(place);
    } catch (failure) {
      if (codeOf(failure) !== "ENOENT") throw failure;
    }
    const link = await readlink(place).catch(() => undefined);
    if (link === undefined) return place;
    // left as it is written: what ".." in it leads to is the system's to say, where folders are links, too
    place = isAbsolute(link) ? link : `${dirname(place)}/${link}`;
  }
  throw Object.assign(new Error("too many symbolic links"), { code: "ELOOP" });
}

/**
 * Puts `text` in the place of the file's, whose permissions and owner stay; the old file is kept as `aside` where that
 * is given. Rejects where it cannot be done; the file is as it was then. Nobody else may replace it at the same time.
 */
export async function replaceText(
  path: string,
  text: string,
  { aside, isAsBefore = () => Promise.resolve(true), isPublic = false }: Terms = {},
): Promise<void> {
  const modes = isPublic ? PUBLIC : PRIVATE;
  const before = await stat(path).catch(() => undefined);
  if (before !== undefined) expectFile(before);
  if (before !== undefined && isReadOnly(before)) throw new ReadOnlyFile();
  await mkdir(dirname(path), { recursive: true, mode: modes.folder });
  const sibling = `${path}.new`;
  try {
    await rm(sibling, { force: true });
    const file = await open(sibling, "wx", modes.file);
    try {
      // by its handle, not its path, where somebody might have put a link to what is not theirs
      await Bun.write(Bun.file(file.fd), text);
      if (before !== undefined) {
        // only root can give a file away; for others it was theirs before
        await file.chown(before.uid, before.gid).catch(() => {});
        await file.chmod(before.mode & 0o7777);
      }
      // whatever the umask says
      if (before === undefined && isPublic) await file.chmod(modes.file);
      await file.sync();
    } finally {
      await file.close();
    }
    // by a second name for it, so that there is a file at every instant; not every disk has such names
    if (!(await isAsBefore())) throw new FileChanged();
    if (aside !== undefined) await link(path, aside).catch(() => rename(path, aside));
    await rename(sibling, path);
  } catch (failure) {
    await rm(sibling, { force: true }).catch(() => {});
    throw failure;
  }
  await syncFolder(dirname(path));
}

/** What else a replacement depends on. */
interface Terms {
  /** Where the old file is kept. */
  readonly aside?: string | undefined;
  /** Asked at the last moment: whether the file is still the one that is meant to be replaced. */
  readonly isAsBefore?: () => Promise<boolean>;
  /** Whether everybody may read a file that is new. */
  readonly isPublic?: boolean;
}

/** A rename does not ask for it, but whoever takes all rights to write away means it. */
export function isReadOnly({ mode }: { readonly mode: number }): boolean {
  return (mode & 0o222) === 0;
}

/** So that the new name outlives a loss of power, too. Not every system can do that to a folder. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    await folder.sync().finally(() => folder.close());
  } catch (failure) {
    if (!["EINVAL", "ENOTSUP", "EPERM", "EISDIR", "EACCES"].includes(codeOf(failure))) throw failure;
  }
}
