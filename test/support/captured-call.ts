/** Makes the call of a capture again, byte for byte, to another server. */

import type { Capture, CapturedRequest } from "./captures.ts";
import { rawClient } from "./client.ts";
import { WANTED } from "./replay.ts";
import { answerOn, type RawAnswer } from "./response.ts";

/** The calls that a router passes on to an Ollama, whatever their model. */
const FORWARDED =
  /^\/(api\/(chat|generate|embed|embeddings|show|pull|push|create|copy|delete)|v1\/(chat\/completions|completions|embeddings|responses|messages|audio\/transcriptions))(\?|$)/;

export interface CapturedCall extends Capture {
  readonly request: CapturedRequest;
}

/** Whether a capture is such a call; those that begin with "ollama-alias" are of another version. */
export function isForwarded(capture: Capture): capture is CapturedCall {
  const { name, request, status } = capture;
  if (request === undefined || name.startsWith("ollama-alias-") || status === 405) return false;
  return /^(POST|DELETE)$/.test(request.method) && FORWARDED.test(request.path);
}

/** Makes the call with this body. The engine behind is asked to answer with this capture. */
export async function call(
  port: number,
  { name, request }: CapturedCall,
  body: Uint8Array,
): Promise<RawAnswer> {
  const chunked = request.headers.includes("Transfer-Encoding: chunked");
  const size = body.length.toString(chunked ? 16 : 10);
  const lines = [
    `${request.method} ${request.path} ${request.version}`,
    "Host: localhost",
    "Connection: close",
    `${WANTED}: ${name}`,
    ...request.headers.filter((line) => line !== "Connection: close"),
    ...(chunked ? [] : [`Content-Length: ${size}`]),
  ];
  using client = await rawClient(port);
  client.send(`${lines.join("\r\n")}\r\n\r\n${chunked ? `${size}\r\n` : ""}`);
  client.send(body);
  if (chunked) client.send("\r\n0\r\n\r\n");
  return await answerOn(client);
}
