/** Runs a program that sees a small disk, or a file mounted by itself, where nobody else does; for that nobody need be root. */

import { tmpdir } from "node:os";

/** The beginning of a command line for which a disk of `bytes` is mounted on a folder. */
export function smallDisk(folder: string, bytes: number): readonly string[] {
  return mounting(`mount -t tmpfs -o size=${bytes} none "$0"`, folder);
}

/** The same for a file that is mounted on itself, as a container has it of which only that file is from outside. */
export function mountedFile(path: string): readonly string[] {
  return mounting('mount --bind "$0" "$0"', path);
}

/** The same for a file that is mounted on another. */
export function mountedOver(file: string, path: string): readonly string[] {
  return mounting(`mount --bind "$0" ${path}`, file);
}

/** A path as such a process sees it. */
export function seenBy({ pid }: { readonly pid: number }, path: string): string {
  return `/proc/${pid}/root${path}`;
}

/** Not every system lets its users do that. */
export const CAN_MOUNT = canMount();

function mounting(mount: string, place: string): readonly string[] {
  return ["unshare", "--map-root-user", "--mount", "sh", "-c", `${mount} && exec "$@"`, place];
}

function canMount(): boolean {
  try {
    return Bun.spawnSync([...smallDisk(tmpdir(), 65_536), "true"]).success;
  } catch {
    return false;
  }
}
