/** Asks the running router, for the commands that show or change what it knows. */

import * as v from "valibot";

import { codeOf } from "../domain/failure.ts";
import { parseJson, readReply } from "../fleet/ask.ts";
import { causeText } from "../fleet/cause.ts";
import { type Arguments, complain } from "./command.ts";
import { type Address, serverAddress } from "./server-address.ts";

const PATIENCE_MS = 10_000;

/** What the running router answers to a GET, or to a POST of `body`; undefined after the user was told why it does not. */
export async function askServer<S extends v.GenericSchema>(
  args: Arguments,
  path: string,
  schema: S,
  body?: object,
): Promise<v.InferOutput<S> | undefined> {
  const address = await serverAddress(args);
  if (address === undefined) return undefined;
  try {
    return understood(
      await callServer(address, body === undefined ? "GET" : "POST", path, body),
      schema,
      address,
    );
  } catch (failure) {
    return unreached(address, failure);
  }
}

/** What a router answered: its status, headers, and the JSON of its body. */
export interface ServerReply {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** Makes one call. Rejects where there is no answer, or none in time. */
export async function callServer(
  { url, via }: Address,
  method: string,
  path: string,
  body?: unknown,
  patienceMs = PATIENCE_MS,
): Promise<ServerReply> {
  const response = await fetch(url + path, {
    method,
    redirect: "manual",
    ...via,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(patienceMs),
  });
  return { status: response.status, headers: response.headers, json: parseJson(await readReply(response)) };
}

/** Has a router do what takes its time with a model. Rejects where there is no answer; `signal` gives it up. */
export function postModel(
  { url, via }: Address,
  path: string,
  model: string,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    redirect: "manual",
    ...via,
    body: JSON.stringify({ model }),
    signal,
    timeout: false,
  });
}

/** The answer as `schema` has it; undefined after the user was told that it is none of a router's. */
export function understood<S extends v.GenericSchema>(
  { json }: Pick<ServerReply, "json">,
  schema: S,
  address: Address,
): v.InferOutput<S> | undefined {
  const read = v.safeParse(schema, json);
  if (read.success) return read.output;
  complain(
    `${address.shown} answers, but not like this version of mellamo: is it another program? See: mellamo doctor`,
  );
  return undefined;
}

/** Whether a call failed because nothing listens there at all, rather than somebody who does not answer as they should. */
export function runsNone(failure: unknown): boolean {
  return ["ECONNREFUSED", "ConnectionRefused", NO_SOCKET, "FailedToOpenSocket"].includes(codeOf(failure));
}

/** There is no such Unix socket. */
const NO_SOCKET = "ENOENT";

/** Tells the user that nobody answers. */
export function unreached(address: Address, failure: unknown): undefined {
  complain(unreachedText(address, failure));
}

/** Says that nobody answers. */
export function unreachedText(address: Address, failure: unknown): string {
  const why = codeOf(failure) === NO_SOCKET ? "no such socket" : causeText(failure);
  const { shown, source } = address;
  const found = source === undefined ? "" : ` (${source})`;
  const elsewhere = source === undefined ? "" : ". If it listens elsewhere: --server HOST:PORT";
  const hint = runsNone(failure) ? `. Is it running? Start it with: mellamo${elsewhere}` : "";
  return `Cannot reach mellamo at ${shown}${found}: ${why}${hint}`;
}
