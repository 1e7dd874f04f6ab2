/** Exchanges with real engines, recorded as they went over the wire: `> ` lines that were sent, then the response. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dir, "../fixtures/captures");

export interface Capture {
  readonly name: string;
  /** The path that was asked; "" where the request was not recorded. */
  readonly path: string;
  /** The body that was sent. */
  readonly sent: string;
  readonly status: number;
  readonly contentType: string | null;
  /** The body of the response, its chunk framing undone. */
  readonly body: Buffer;
}

/** All captures whose name matches, in the order of their names. */
export function captures(pattern: RegExp): Capture[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".http") && pattern.test(file))
    .sort()
    .map(capture);
}

export function capture(file: string): Capture {
  const bytes = readFileSync(join(FOLDER, file));
  const start = bytes.subarray(0, 5).toString() === "HTTP/" ? 0 : bytes.indexOf("\n\nHTTP/") + 2;
  const headEnd = bytes.indexOf("\r\n\r\n", start);
  const [statusLine = "", ...headers] = bytes.toString("latin1", start, headEnd).split("\r\n");
  const contentType = headers.find((line) => /^content-type:/i.test(line));
  const lines = bytes.toString("utf8", 0, start).split("\n");
  const blank = lines.indexOf(">");
  return {
    name: file.replace(/\.http$/, ""),
    path: lines[0]?.split(" ")[2] ?? "",
    sent:
      blank === -1
        ? ""
        : lines
            .slice(blank + 1)
            .map(withoutMark)
            .join("\n")
            .trimEnd(),
    status: Number(statusLine.split(" ")[1]),
    contentType: contentType?.slice(contentType.indexOf(":") + 1).trim() ?? null,
    body: bytes.subarray(headEnd + 4),
  };
}

/** A table whose columns are parted by tabs, its first line left out. */
export function capturedTable(file: string): string[][] {
  const [, ...rows] = readFileSync(join(FOLDER, file), "utf8").trimEnd().split("\n");
  return rows.map((row) => row.split("\t"));
}

function withoutMark(line: string): string {
  return line.replace(/^> /, "");
}
