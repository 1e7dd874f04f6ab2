/** Reads answers that real engines were recorded to give. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dir, "..", "fixtures", "captures");

export interface Capture {
  readonly status: number;
  /** "" where there was none. */
  readonly contentType: string;
  readonly body: string;
}

/** The answer in a capture. Lines that begin with `>` are the request's. */
export function capture(name: string): Capture {
  const lines = readFileSync(join(FOLDER, `${name}.http`), "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith("HTTP/"));
  const end = lines.findIndex((line, index) => index > start && line.trim() === "");
  const head = lines.slice(start, end);
  const contentType = head.find((line) => /^content-type:/i.test(line)) ?? "";
  return {
    status: Number(head[0]?.split(" ")[1]),
    contentType: contentType.slice(contentType.indexOf(":") + 1).trim(),
    body: lines
      .slice(end + 1)
      .join("\n")
      .trimEnd(),
  };
}
