/** Runs the program on a pseudo terminal, and shows what its user sees there. */

import { tmpdir } from "node:os";

import { eventually } from "./eventually.ts";
import { cleanEnv, PROGRAM } from "./mellamo.ts";

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface OnTerminal {
  /** What the program and the terminal's echo have written, byte for byte. */
  readonly written: () => string;
  /** The lines of the screen, without blanks at their ends and without empty ones at the bottom. */
  readonly screen: () => string[];
  /** Waits until the screen shows it. */
  readonly until: (pattern: RegExp) => Promise<void>;
  /** Presses keys. */
  type(keys: string): void;
  readonly exited: Promise<number>;
  /** The signal that has ended it, if any has. */
  readonly endedBy: () => string | number | null;
}

export const CTRL_C = "\u0003";

/** The beginning of a command line: Bun gives every terminal a size. */
const TELLS_NO_SIZE = ["sh", "-c", 'stty cols 0 rows 0; exec "$@"', "sh"];

export function onTerminal(args: readonly string[], size: Size): OnTerminal {
  const decoder = new TextDecoder();
  let written = "";
  const child = Bun.spawn([...(size.cols === 0 ? TELLS_NO_SIZE : []), ...PROGRAM, ...args], {
    cwd: tmpdir(),
    env: cleanEnv(),
    terminal: {
      ...size,
      data: (_, bytes) => void (written += decoder.decode(bytes, { stream: true })),
    },
  });
  const screen = (): string[] => screenOf(written, size.cols || Infinity);
  return {
    written: () => written,
    screen,
    until: async (pattern) => void (await eventually(screen, (lines) => pattern.test(lines.join("\n")))),
    type: (keys) => void child.terminal?.write(keys),
    exited: child.exited,
    endedBy: () => child.signalCode,
  };
}

/** What a terminal shows that is as high as it needs to be. */
export function screenOf(text: string, cols: number): string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  for (const [token] of text.matchAll(/\u001b\[(\d*)([A-Za-z])|[^]/gu)) {
    const sequence = /^\u001b\[(\d*)([A-Za-z])$/.exec(token);
    if (sequence?.[2] === "A") row = Math.max(0, row - Number(sequence[1] || 1));
    else if (sequence?.[2] === "K") lines[row] = [];
    else if (sequence !== null) throw new Error(`This terminal does not know ${JSON.stringify(token)}`);
    else if (token === "\r") column = 0;
    else if (token === "\n") row++;
    else {
      // what has no room left on its line goes on in the next one
      const width = Bun.stringWidth(token);
      if (column + width > cols) [row, column] = [row + 1, 0];
      (lines[row] ??= [])[column] = token;
      // what is two columns wide leaves nothing for others in the second
      if (width > 1) (lines[row] ??= [])[column + 1] = "";
      column += width;
    }
    while (lines.length <= row) lines.push([]);
  }
  const shown = lines.map((line) =>
    Array.from(line, (letter) => letter ?? " ")
      .join("")
      .trimEnd(),
  );
  while (shown.at(-1) === "") shown.pop();
  return shown;
}
