/**
 * Lets one process at a time change a file. The lock is SQLite's on an empty file beside it: Bun brings it along for
 * every system, and the kernel releases it when the process ends, however it ends.
 */

import { Database } from "bun:sqlite";
import { chmod, mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { codeOf } from "../domain/failure.ts";

/** Nobody holds it for longer than a save takes. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 5;

/** Whoever may write to the folder may take the lock, also of a file that another user made. */
const LOCK_MODE = 0o666;

export class LockTimeout extends Error {
  override readonly name = "LockTimeout";
}

/** Runs `work` while nobody else who asks for the same lock does. Rejects where the lock cannot be had. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = await take(`${path}.lock`);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function take(path: string): Promise<Database> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = new Database(path);
    try {
      await chmod(path, LOCK_MODE).catch(() => {});
      // without a journal of its own on the disk
      lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      return lock;
    } catch (failure) {
      lock.close();
      if (codeOf(failure) !== "SQLITE_BUSY") throw failure;
      if (performance.now() > deadlineMs) throw new LockTimeout();
    }
    await Bun.sleep(PAUSE_MS * (0.5 + Math.random()));
  }
}
