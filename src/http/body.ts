/** Reads a request's body whole, within a limit that holds for what it inflates to. */

import { kMaxLength } from "node:buffer";

import { LARGE_BYTES } from "../bytes/splice.ts";
import { codeOf } from "../domain/failure.ts";
import type { Problem } from "../domain/problem.ts";
import { declaredLength } from "./declared-length.ts";

export interface Limit {
  readonly bytes: number;
  /** As its owner wrote it. */
  readonly text: string;
}

type Inflate = (body: Uint8Array, limit: { maxOutputLength: number }) => Promise<Uint8Array>;

/** Undefined: bodies are not known to be encoded so. */
async function inflateOf(encoding: string): Promise<Inflate | undefined> {
  if (!["zstd", "gzip", "x-gzip"].includes(encoding)) return undefined;
  // loaded where they are needed: few clients encode what they send, and the program is to start at once
  const [{ promisify }, zlib] = await Promise.all([import("node:util"), import("node:zlib")]);
  return promisify(encoding === "zstd" ? zlib.zstdDecompress : zlib.gunzip);
}

/** Text that a client means to send is not shorter than this part of itself; what inflates further is an attack. */
const MAX_RATIO = 200;

/** What a short body may inflate to all the same. */
const HARMLESS_BYTES = 16 * 1024 * 1024;

/**
 * The body, inflated where it is encoded. A body that is too large is not read on: Bun takes what the client still
 * sends off the wire, so that the client gets to read its answer.
 */
export function readBody(request: Request, limit: Limit): Promise<Uint8Array | Problem> {
  const encoding = request.headers.get("content-encoding");
  return encoding === null
    ? readWithin(request, limit)
    : readEncoded(request, limit, encoding.trim().toLowerCase());
}

async function readEncoded(request: Request, limit: Limit, encoding: string): Promise<Uint8Array | Problem> {
  const inflate = await inflateOf(encoding);
  if (inflate === undefined && encoding !== "identity" && encoding !== "") {
    return { problem: "unknown encoding", encoding };
  }
  const sent = await readWithin(request, limit);
  if (!(sent instanceof Uint8Array) || inflate === undefined || sent.length === 0) return sent;
  const plausible = Math.max(HARMLESS_BYTES, sent.length * MAX_RATIO);
  try {
    return await inflate(sent, { maxOutputLength: Math.min(limit.bytes, plausible, kMaxLength) });
  } catch (failure) {
    if (codeOf(failure) === "ERR_BUFFER_TOO_LARGE") {
      return plausible < limit.bytes
        ? { problem: "bad request", text: `the body inflates to more than ${MAX_RATIO} times its length` }
        : { problem: "too large", limit: limit.text };
    }
    return { problem: "bad request", text: `invalid input: the body is not ${encoding}` };
  }
}

function readWithin(request: Request, limit: Limit): Promise<Uint8Array | Problem> {
  const declared = declaredLength(request.headers);
  if (declared === undefined) return collect(request, limit);
  if (declared > limit.bytes) return Promise.resolve({ problem: "too large", limit: limit.text });
  return declared > LARGE_BYTES ? fill(request, declared) : request.bytes();
}

/** How many times as much as has come there is place for at most: whoever only says that much will come gets little. */
const CREDIT = 16;

/** A large body whose length is told: it soon has its place, and what was read of it is let go at once. */
async function fill(request: Request, length: number): Promise<Uint8Array> {
  let body = new Uint8Array(LARGE_BYTES);
  let at = 0;
  for await (const chunk of request.body ?? []) {
    const end = at + chunk.length;
    if (end > body.length) body = new Uint8Array(body.buffer.transfer(Math.min(length, end * CREDIT)));
    body.set(chunk, at);
    at += chunk.length;
    // garbage as large as this is not collected as fast as it comes
    if (chunk.buffer instanceof ArrayBuffer) chunk.buffer.transfer(0);
  }
  return at === length ? body : body.subarray(0, at);
}

/** A body of unknown length: it is given up as soon as it is too long. */
async function collect(request: Request, limit: Limit): Promise<Uint8Array | Problem> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit.bytes) return { problem: "too large", limit: limit.text };
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
