/**
 * Lets one process at a time change a file. The lock is SQLite's on an empty file beside it: Bun brings it along for
 * every system, and the kernel releases it when the process ends, however it ends.
 */

import { Database } from "bun:sqlite";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";

import { codeOf } from "../domain/failure.ts";

/** Nobody holds it for longer than a save takes. */
export const LOCK_PATIENCE_MS = 5000;
const PAUSE_MS = 5;

/** Whoever may write to the folder may take the lock, also of a file that another user made. */
const LOCK_MODE = 0o666;

export class LockTimeout extends Error {
  override readonly name = "LockTimeout";
}

/** Runs `work` while nobody else who asks for the same lock does. Rejects where the lock cannot be had in time. */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  deadlineMs = performance.now() + LOCK_PATIENCE_MS,
): Promise<T> {
  const lock = await take(`${path}.lock`, deadlineMs);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function take(path: string, deadlineMs: number): Promise<Database> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (;;) {
    await make(path);
    const file = await identityOf(path);
    const lock = new Database(path);
    try {
      // without a journal of its own on the disk
      lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      // somebody may have tidied the file away meanwhile: others would lock another one then
      if ((await identityOf(path)) === file) return lock;
      lock.close();
    } catch (failure) {
      lock.close();
      if (codeOf(failure) !== "SQLITE_BUSY") throw failure;
    }
    if (performance.now() > deadlineMs) throw new LockTimeout();
    await Bun.sleep(PAUSE_MS * (0.5 + Math.random()));
  }
}

/** A file that was made anew may have the number of the one before it, but not its time. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? "none" : `${found.dev} ${found.ino} ${found.birthtimeNs}`;
}

/** Makes the file where there is none. It is opened only by who makes it: closing it would free a lock that is held. */
async function make(path: string): Promise<void> {
  try {
    const file = await open(path, "wx", LOCK_MODE);
    // whatever the umask says
    await file.chmod(LOCK_MODE).finally(() => file.close());
  } catch (failure) {
    if (codeOf(failure) !== "EEXIST") throw failure;
  }
}
