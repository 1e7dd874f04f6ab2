/** Sees whether a stream leads to systemd's journal, and what stands before its lines there. */

import { fstatSync } from "node:fs";

/** Those of `syslog(3)`. */
const PRIORITIES = { debug: 7, info: 6, warn: 4, error: 3 } as const;

/** What tells the journal how grave a line is, which `journalctl --priority` selects by: see `sd-daemon(3)`. */
export function priorityOf(level: keyof typeof PRIORITIES): string {
  return `<${PRIORITIES[level]}>`;
}

/**
 * `named` is `$JOURNAL_STREAM`, device and inode of the stream to the journal. A process that is started by a service
 * may inherit it and yet write elsewhere: see `systemd.exec(5)`.
 */
export function isJournal(named: string | undefined, descriptor: number): boolean {
  if (!named) return false;
  const { dev, ino } = fstatSync(descriptor, { bigint: true });
  return named === `${dev}:${ino}`;
}
