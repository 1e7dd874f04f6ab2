/** Moves an engine's answer to the client as it comes. */

import { Echo, framingOf } from "../bytes/echo.ts";
import type { NameField } from "../bytes/key-reader.ts";
import type { Slot, Verdict } from "../traffic/slot.ts";
import type { Answer } from "./answer.ts";
import type { Flow } from "./flow.ts";
import { type HeaderTable, responseHeaders } from "./headers.ts";

/** How an answer's way to the client came to its end. */
export type End = "end" | "client gone" | "engine died" | "engine silent";

/** Where an answer names its model, and the name that is put there, as a JSON string. Undefined: nothing is changed. */
export type EchoOptions = { readonly fields: readonly NameField[]; readonly name: Uint8Array } | undefined;

/** Who leaves says nothing of the engine. */
const VERDICTS: Readonly<Record<End, Verdict>> = {
  end: "good",
  "client gone": "neither",
  "engine died": "answer",
  "engine silent": "answer",
};

export interface RelayOptions {
  readonly echo: EchoOptions;
  readonly signal: AbortSignal;
  /** Puts into the headers what is said of every answer. */
  readonly mark: (headers: HeaderTable) => void;
  /** Called exactly once; the end of the answer waits for what it returns. */
  readonly ended: (how: End) => Promise<void> | undefined;
  /** Whether a chunk, should it turn out to be the last, has to wait for that as well. */
  readonly concludes?: (chunk: Uint8Array) => boolean;
}

export function relay(answer: Answer, options: RelayOptions): Response | Promise<Response> {
  const { echo } = options;
  const headers = responseHeaders(answer.headers);
  const framing = framingOf(headers["content-type"]);
  // what comes encoded although plain text was asked for passes as it is
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity";
  const rename = echo && framing && isPlain ? new Echo(framing, echo.fields, echo.name) : undefined;
  const { body } = answer;
  options.mark(headers);

  if (body === null || body instanceof Uint8Array) {
    const response = reply(answer, body === null ? null : (rename?.through(body) ?? body), headers);
    const ending = options.ended("end");
    return ending === undefined ? response : after(ending, response);
  }
  if (framing !== "json") {
    // nginx, for one, holds streams back unless it is told not to
    headers["x-accel-buffering"] = "no";
    headers["cache-control"] ??= "no-cache";
  }
  return reply(answer, stream(body, rename, answer.slot, options), headers);
}

async function after(ending: Promise<void>, response: Response): Promise<Response> {
  await ending;
  return response;
}

function reply(
  { status, headers: engine }: Answer,
  body: Uint8Array | AsyncGenerator<Uint8Array> | null,
  headers: HeaderTable,
): Response {
  const response = new Response(body, { status, headers });
  for (const cookie of engine.getSetCookie()) response.headers.append("set-cookie", cookie);
  return response;
}

/**
 * A generator, because its `finally` runs exactly once however the stream ends, it holds the engine back when the
 * client is slow, and an error thrown in it breaks the client's connection instead of ending the body cleanly.
 */
async function* stream(
  body: Flow,
  rename: Echo | undefined,
  slot: Slot,
  { signal, ended, concludes }: RelayOptions,
): AsyncGenerator<Uint8Array> {
  let how: End = "client gone";
  let isOver = false;
  let held: Uint8Array | undefined;
  async function end(): Promise<void> {
    if (isOver) return;
    isOver = true;
    slot.end(VERDICTS[how]);
    if (how === "client gone") await body.cancel();
    await ended(how);
  }
  try {
    for (let chunk = await body.next(); chunk !== undefined; chunk = await body.next()) {
      if (held !== undefined) yield held;
      const renamed = rename === undefined ? chunk : rename.through(chunk);
      held = concludes?.(renamed) ? renamed : undefined;
      // an empty chunk would end a chunked body
      if (held === undefined && renamed.length > 0) yield renamed;
    }
    how = "end";
    await end();
    if (held !== undefined) yield held;
  } catch (failure) {
    how = signal.aborted ? "client gone" : body.wasSilent ? "engine silent" : "engine died";
    await end();
    if (held !== undefined) yield held;
    // Bun forgets what it has not sent yet when the error comes in the same turn
    await Bun.sleep(0);
    throw failure;
  } finally {
    await end();
  }
}
