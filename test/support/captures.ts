/** Reads the captures: requests to real engines, and their answers as they went over the wire. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parseResponse, type RawAnswer, readChunks } from "./response.ts";

export interface CapturedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly version: string;
  readonly headers: readonly string[];
  /** Undefined where the capture does not keep all of it. */
  readonly body: Buffer | undefined;
}

export interface Capture extends RawAnswer {
  /** The file's name without its ending: "ollama-chat-stream". */
  readonly name: string;
  /** Captures of llama-server were taken without it. */
  readonly request: CapturedRequest | undefined;
  /** The body in the pieces it was sent in, where they were kept. */
  readonly chunks: readonly Buffer[] | undefined;
  /** Whether nothing of the body was left out. */
  readonly whole: boolean;
}

const FOLDER = join(import.meta.dir, "..", "fixtures", "captures");

/** All captures whose names begin so, by name. */
export function captures(prefix = ""): ReadonlyMap<string, Capture> {
  const files = readdirSync(FOLDER).filter((file) => file.startsWith(prefix) && file.endsWith(".http"));
  return new Map(files.sort().map((file) => [file.slice(0, -".http".length), readCapture(file)]));
}

/** The capture of this name. */
export function capture(name: string): Capture {
  return readCapture(`${name}.http`);
}

/** The body of a capture as JSON. */
export function captured(name: string): unknown {
  return JSON.parse(capture(name).body.toString());
}

/** A file holds the request's lines after `> `, an empty line, and the answer; remarks begin with `> # `. */
function readCapture(file: string): Capture {
  const all = readFileSync(join(FOLDER, file), "latin1").split("\n");
  const remarks = all.filter((line) => line.startsWith("> # "));
  // where lines of an event stream are left out, the event before them ends
  const lines = all.flatMap((line, at) => {
    if (!line.startsWith("> # ")) return [line];
    return all[at - 1]?.startsWith("data: ") && all[at + 1] !== "" ? [""] : [];
  });
  const start = lines.findIndex((line) => !line.startsWith(">"));
  const answer = parseResponse(lines.slice(start === 0 ? 0 : start + 1).join("\n"));
  const framed = remarks.some((remark) => remark.includes("chunk framing"));
  const chunks = framed ? readChunks(answer.body) : undefined;
  return {
    ...answer,
    name: file.slice(0, -".http".length),
    request: start === 0 ? undefined : readRequest(lines.slice(0, start).map((line) => line.slice(2))),
    chunks,
    body: chunks === undefined ? answer.body : Buffer.concat(chunks),
    whole: !remarks.some((remark) => /left out|cut here/.test(remark)),
  };
}

function readRequest([requestLine = "", ...lines]: readonly string[]): CapturedRequest {
  const [method = "", path = "", version = ""] = requestLine.split(" ");
  const end = lines.indexOf("");
  const text = end === -1 ? "" : lines.slice(end + 1).join("\n");
  return {
    method,
    path,
    version,
    headers: end === -1 ? lines : lines.slice(0, end),
    body: /\(\d+ bytes( in all)?\)$/.test(text) ? undefined : Buffer.from(text, "latin1"),
  };
}

/** A table that was captured: its columns are parted by tabs, and its first line is left out. */
export function capturedTable(file: string): string[][] {
  const [, ...rows] = readFileSync(join(FOLDER, file), "utf8").trimEnd().split("\n");
  return rows.map((row) => row.split("\t"));
}

/** A file that was captured, as it was. */
export function capturedText(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}
