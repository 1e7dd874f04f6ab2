/** Says a request on a connection of its own, byte for byte, and reads the answer to its end. */

import { capture } from "./captures.ts";
import { rawClient } from "./client.ts";
import { within } from "./deadline.ts";
import { headerOf, parseResponse, type RawAnswer, readChunks } from "./response.ts";

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** The answer to a request line such as `GET /` with these header lines. */
export async function say(
  port: number,
  request: string,
  headers: readonly string[] = [],
  body: string | Uint8Array = "",
): Promise<Said> {
  using client = await rawClient(port);
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : ["Host: localhost"];
  const bytes = Buffer.from(body);
  const length = bytes.length === 0 ? [] : [`Content-Length: ${bytes.length}`];
  const lines = [`${request} HTTP/1.1`, ...host, "Connection: close", ...headers, ...length];
  client.send(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), bytes]));
  await within(10_000, client.ended);
  return readAnswer(client.received());
}

/** The answer to the request of a capture, with more header lines; `body` is for captures that do not keep it. */
export function sayAgain(
  port: number,
  name: string,
  more: readonly string[] = [],
  body?: string,
): Promise<Said> {
  const { request } = capture(name);
  const bytes = body ?? request?.body;
  if (request === undefined || bytes === undefined)
    throw new Error(`${name} does not keep all of its request`);
  return say(port, `${request.method} ${request.path}`, [...request.headers, ...more], bytes);
}

/** What was said in a capture. */
export function saidIn(name: string): Said {
  return saidBy(capture(name));
}

/** `text` is the answer as it came, a character for each byte. */
export function readAnswer(text: string): Said {
  const answer = parseResponse(text);
  const chunked = headerOf(answer, "transfer-encoding") === "chunked";
  return saidBy(chunked ? { ...answer, body: Buffer.concat(readChunks(answer.body)) } : answer);
}

function saidBy({ status, headers, body }: RawAnswer): Said {
  const all = new Headers();
  for (const [name, value] of headers) all.append(name, value);
  return { status, headers: all, body: body.toString() };
}
