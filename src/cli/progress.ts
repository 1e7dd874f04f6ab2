/** Shows what goes on at several places: rows that change on a terminal, and lines for whoever else reads. */

import { complain } from "./command.ts";

/** A terminal is not painted more often. */
const PAINT_MS = 100;

/** How wide a terminal is that does not tell. */
const USUAL_COLUMNS = 80;

/** The part of a terminal's height that rows may take; of more the last are shown. */
const USUAL_ROWS = 24;

export interface Row {
  /** As it is now. */
  readonly text: string;
  /** Worth a line of its own where lines cannot change. */
  readonly isNews: boolean;
}

export class Progress {
  private readonly rows = new Map<string, string>();
  private painted = 0;
  private timer: Timer | undefined;
  private readonly isTerminal: boolean;
  private readonly write: (text: string) => void;

  constructor(
    isTerminal = process.stderr.isTTY === true,
    write: (text: string) => void = (text) => void process.stderr.write(text),
  ) {
    this.isTerminal = isTerminal;
    this.write = write;
  }

  /** Puts a row in the place of the one with this key, or below all others. */
  put(key: string, { text, isNews }: Row): void {
    if (!this.isTerminal) {
      if (isNews) complain(text);
      return;
    }
    this.rows.set(key, text);
    this.timer ??= setTimeout(() => this.paint(), PAINT_MS);
  }

  /** Leaves what was shown last. */
  end(): void {
    if (this.timer !== undefined) this.paint();
  }

  private paint(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // some say that they have no columns
    const columns = process.stderr.columns || USUAL_COLUMNS;
    const most = Math.max(1, (process.stderr.rows || USUAL_ROWS) - 1);
    const shown = [...this.rows.values()].slice(-most).map((text) => fitting(text, columns - 1));
    const up = this.painted === 0 ? "" : `\u001b[${this.painted}A`;
    this.write(`${up}${shown.map((text) => `\r\u001b[2K${text}\n`).join("")}`);
    this.painted = shown.length;
  }
}

/** Names and words of others may hold what a terminal would obey. */
function fitting(text: string, columns: number): string {
  return Bun.sliceAnsi(text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, "\u{fffd}"), 0, columns);
}

/** `[########            ]  40 %` */
export function bar(part: number, width = 20): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * width);
  const percent = String(Math.floor(Math.min(1, Math.max(0, part)) * 100)).padStart(3);
  return `[${"#".repeat(filled)}${" ".repeat(width - filled)}] ${percent} %`;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** As Ollama writes sizes: 4700000000 is "4.7 GB". */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1000 && unit < UNITS.length - 1; unit++) size /= 1000;
  return `${unit === 0 || size >= 100 ? Math.floor(size) : size.toFixed(1)} ${UNITS[unit]}`;
}
