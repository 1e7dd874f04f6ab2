/** Asks a backend about itself: one GET with a deadline that holds to the last byte. */

import type { Ask, Reply } from "../engines/engine.ts";
import type { Backend } from "./backend.ts";
import { routerOf, VIA } from "./via.ts";

/** No list of models is longer. */
const MAX_REPLY_BYTES = 64 * 1024 * 1024;

export function askOf(backend: Backend): Ask {
  const { origin, probeTimeoutMs } = backend.settings;
  return async (path): Promise<Reply> => {
    const response = await backend.session.fetch(origin + path, {
      headers: ownHeaders(backend),
      signal: AbortSignal.any([AbortSignal.timeout(probeTimeoutMs), backend.dismissed.signal]),
      redirect: "manual",
    });
    backend.router = routerOf(response.headers) ?? backend.router;
    const text = await readReply(response);
    return { status: response.status, headers: response.headers, text, json: parseJson(text) };
  };
}

/** The headers of the calls that are the router's own, rather than a client's. */
export function ownHeaders({ settings: { key } }: Pick<Backend, "settings">): Record<string, string> {
  return { via: `1.1 ${VIA}`, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
}

class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/** The text of an answer. Rejects for one that is longer than any list of models. */
export async function readReply(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_REPLY_BYTES) throw new AnswerTooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
