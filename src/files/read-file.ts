/** Reads a file whole. */

import { constants, type Stats } from "node:fs";
import { open } from "node:fs/promises";

import { codeOf } from "../domain/failure.ts";

/** Files of ours are not longer: what is, was put there by mistake. */
export const MAX_BYTES = 64 * 1024 * 1024;

export class NotAFile extends Error {
  override readonly name = "NotAFile";
}

export class FileTooLarge extends Error {
  override readonly name = "FileTooLarge";
}

/**
 * The file's bytes, or undefined where there is none. Rejects for what is no file, or closed to us; does not wait for
 * the other end of a pipe.
 */
export async function readWhole(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readExisting(path);
  } catch (failure) {
    if (codeOf(failure) === "ENOENT") return undefined;
    throw failure;
  }
}

/** The file's text. Rejects for the same, and where there is none, or no UTF-8 in it. */
export async function readText(path: string): Promise<string> {
  return utf8(await readExisting(path));
}

/** The text of bytes that are UTF-8; throws for others. */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** Throws for a folder, and for what is no ordinary file: a pipe, or a device that must not be replaced by a file. */
export function expectFile(found: Stats): void {
  if (found.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  if (!found.isFile()) throw new NotAFile();
}

async function readExisting(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await file.stat();
    expectFile(found);
    if (found.size > MAX_BYTES) throw new FileTooLarge();
    return await file.readFile();
  } finally {
    await file.close();
  }
}
