/** Reads HTTP/1.1 requests out of bytes, for engines that live on raw sockets. */

import type { Talk } from "./backend.ts";

export interface Parsed extends Pick<Talk, "method" | "path" | "head" | "headers" | "body"> {
  readonly length: number;
}

/** The first request in the buffer, once it is complete. */
export function parseRequest(buffer: Buffer): Parsed | undefined {
  const end = buffer.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = buffer.toString("latin1", 0, end);
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", path = ""] = requestLine.split(" ");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const start = end + 4;
  const body =
    headers.get("transfer-encoding") === "chunked"
      ? readChunks(buffer, start)
      : readLength(buffer, start, headers);
  return body && { method, path, head, headers, body: body.bytes, length: body.end };
}

function readLength(
  buffer: Buffer,
  start: number,
  headers: ReadonlyMap<string, string>,
): { bytes: Buffer; end: number } | undefined {
  const end = start + Number(headers.get("content-length") ?? 0);
  return buffer.length < end ? undefined : { bytes: buffer.subarray(start, end), end };
}

function readChunks(buffer: Buffer, start: number): { bytes: Buffer; end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const line = buffer.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const size = Number.parseInt(buffer.toString("latin1", at, line), 16);
    const end = line + 2 + size;
    if (buffer.length < end + 2) return undefined;
    if (size === 0) return { bytes: Buffer.concat(chunks), end: end + 2 };
    chunks.push(buffer.subarray(line + 2, end));
    at = end + 2;
  }
}
