/** Says a request on a connection of its own, byte for byte, and reads the answer to its end. */

import { rawClient } from "./client.ts";
import { within } from "./deadline.ts";

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
  body = "",
): Promise<Said> {
  using client = await rawClient(port);
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : ["Host: localhost"];
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [`${request} HTTP/1.1`, ...host, "Connection: close", ...headers, ...length];
  client.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
  await within(10_000, client.ended);
  return readAnswer(client.received());
}

/** `text` is the answer as it came, a character for each byte. */
export function readAnswer(text: string): Said {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) throw new Error(`No answer: ${JSON.stringify(text)}`);
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const rest = text.slice(end + 4);
  const body = headers.get("transfer-encoding") === "chunked" ? unchunk(rest) : rest;
  return { status: Number(first.split(" ")[1]), headers, body: Buffer.from(body, "latin1").toString() };
}

function unchunk(text: string): string {
  let whole = "";
  for (let at = 0; ;) {
    const line = text.indexOf("\r\n", at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (line === -1 || size === 0) return whole;
    whole += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
