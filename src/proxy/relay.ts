/** Moves an engine's answer to the client as it comes. */

import { Echo, framingOf } from "../bytes/echo.ts";
import type { NameField } from "../bytes/name-finder.ts";
import type { Answer } from "./answer.ts";
import { responseHeaders } from "./headers.ts";

/** How an answer's way to the client came to its end. */
export type End = "end" | "client gone" | "engine died";

/** Where an answer names its model, and the name that is put there, as a JSON string. Undefined: nothing is changed. */
export type EchoOptions = { readonly fields: readonly NameField[]; readonly name: Uint8Array } | undefined;

export interface RelayOptions {
  readonly echo: EchoOptions;
  readonly signal: AbortSignal;
  /** Called exactly once; the client's last byte waits for what it returns. */
  readonly ended: (how: End) => Promise<void> | void;
}

export async function relay(answer: Answer, { echo, signal, ended }: RelayOptions): Promise<Response> {
  const headers = responseHeaders(answer.headers);
  const framing = framingOf(headers.get("content-type"));
  // what comes encoded although plain text was asked for passes as it is
  const isPlain = (headers.get("content-encoding") ?? "identity") === "identity";
  const rename = echo && framing && isPlain ? new Echo(framing, echo.fields, echo.name) : undefined;
  const { status, body } = answer;

  if (!(body instanceof ReadableStream)) {
    await ended("end");
    return new Response(body === null ? null : (rename?.through(body) ?? body), { status, headers });
  }
  if (framing !== "json") {
    // nginx, for one, holds streams back unless it is told not to
    headers.set("x-accel-buffering", "no");
    if (!headers.has("cache-control")) headers.set("cache-control", "no-cache");
  }
  return new Response(stream(body, rename, answer.release, signal, ended), { status, headers });
}

/**
 * A generator, because its `finally` runs exactly once however the stream ends, it holds the engine back when the
 * client is slow, and an error thrown in it breaks the client's connection instead of ending the body cleanly.
 */
async function* stream(
  body: ReadableStream<Uint8Array>,
  rename: Echo | undefined,
  release: () => void,
  signal: AbortSignal,
  ended: (how: End) => Promise<void> | void,
): AsyncGenerator<Uint8Array> {
  let how: End = "client gone";
  try {
    for await (const chunk of body) {
      const renamed = rename === undefined ? chunk : rename.through(chunk);
      // an empty chunk would end a chunked body
      if (renamed.length > 0) yield renamed;
    }
    how = "end";
  } catch (failure) {
    how = signal.aborted ? "client gone" : "engine died";
    throw failure;
  } finally {
    release();
    await ended(how);
  }
}
