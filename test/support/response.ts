/** Reads an HTTP/1.x answer out of bytes. */

import type { RawClient } from "./client.ts";

export interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  /** As they came, duplicates included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The answer that a text of bytes (latin1) holds; its body is all that follows the head, chunk framing and all. */
export function parseResponse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) throw new Error(`No answer: ${JSON.stringify(text.slice(0, 200))}`);
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, code = "", ...reason] = statusLine.split(" ");
  const status = Number(code);
  const rest = text.slice(end + 4);
  // "100 Continue" goes before the answer proper
  if (status < 200) return parseResponse(rest);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { status, reason: reason.join(" "), headers, body: Buffer.from(rest, "latin1") };
}

export function headerOf({ headers }: Pick<RawAnswer, "headers">, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** The chunks of a chunked body; throws where it breaks off. */
export function readChunks(body: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const line = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.toString("latin1", at, line), 16);
    const end = line + 2 + size;
    if (line === -1 || Number.isNaN(size) || body.length < end) throw new Error("The body breaks off");
    if (size === 0) return chunks;
    chunks.push(body.subarray(line + 2, end));
    at = end + 2;
  }
}

/** What came on a connection that carried one answer and has ended, with its framing undone. */
export async function answerOn(client: RawClient): Promise<RawAnswer> {
  await client.ended;
  const answer = parseResponse(client.received());
  const chunked = headerOf(answer, "transfer-encoding") === "chunked";
  const body = chunked ? Buffer.concat(readChunks(answer.body)) : answer.body;
  const length = headerOf(answer, "content-length");
  if (length !== undefined && Number(length) !== body.length) throw new Error("The body breaks off");
  return { ...answer, body };
}
