/** Reads what was captured of real engines: a request, and the answer to it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dir, "..", "fixtures", "captures");

export interface Captured {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The request's header lines. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly answer: { readonly status: number; readonly headers: Headers; readonly body: string };
}

/** `name` is the file's, without its suffix. */
export function captured(name: string): Captured {
  const text = readFileSync(join(FOLDER, `${name}.http`), "utf8");
  const start = text.search(/^HTTP\//m);
  const [requestLine = "", ...request] = text
    .slice(0, start)
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^> ?/, ""));
  const [method = "", path = ""] = requestLine.split(" ");
  const blank = request.indexOf("");
  const answer = text.slice(start);
  const end = answer.indexOf("\r\n\r\n");
  const [statusLine = "", ...answerHeaders] = answer.slice(0, end).split("\r\n");
  const headers = new Headers();
  for (const line of answerHeaders) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return {
    method,
    path,
    headers: blank === -1 ? request : request.slice(0, blank),
    body: blank === -1 ? "" : request.slice(blank + 1).join("\n"),
    answer: { status: Number(statusLine.split(" ")[1]), headers, body: answer.slice(end + 4) },
  };
}
