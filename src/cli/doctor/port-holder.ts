/** Who listens on a port of this machine, as far as Linux tells (proc(5), `/proc/net/tcp`). */

import { readdir, readFile, readlink } from "node:fs/promises";

/** A process: `name` as `ps` has it. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** Undefined where nobody is seen: on other systems, and for processes of other users. */
export async function holderOf(hostname: string, port: number): Promise<Holder | undefined> {
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => textOf(`/proc/net/${name}`)));
  const sockets = new Set(
    tables.flatMap((table) => inodesIn(table, hostname, port)).map((inode) => `socket:[${inode}]`),
  );
  if (sockets.size === 0) return undefined;
  for (const pid of (await namesIn("/proc")).filter((name) => /^\d+$/.test(name))) {
    const files = `/proc/${pid}/fd`;
    for (const file of await namesIn(files)) {
      const target = await readlink(`${files}/${file}`).catch(() => "");
      if (sockets.has(target)) return { pid: Number(pid), name: (await textOf(`/proc/${pid}/comm`)).trim() };
    }
  }
  return undefined;
}

const LISTENS = "0A";

/** `sl local_address rem_address st …:… …:… retrnsmt uid timeout inode`, numbers in hex but for the last three. */
function inodesIn(table: string, hostname: string, port: number): string[] {
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = "", , state]) => {
      const [address = "", portHex = ""] = local.split(":");
      return state === LISTENS && Number.parseInt(portHex, 16) === port && isAt(address, hostname);
    })
    .flatMap(([, , , , , , , , , inode]) => inode ?? []);
}

/** Whether who listens on the one address has the other, too. */
function isAt(address: string, hostname: string): boolean {
  const isEverywhere = hostname === "::" || hostname === "0.0.0.0" || /^0+$/.test(address);
  return isEverywhere || address.length > 8 || address === hexOf(hostname);
}

/** An IPv4 address as the kernel of a little-endian machine shows it. */
function hexOf(hostname: string): string {
  const digits = (hostname === "localhost" ? "127.0.0.1" : hostname).split(".").toReversed();
  return digits
    .map((digit) => Number(digit).toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
