/** Turns an exchange into a call to an engine. */

import { VIA } from "../fleet/via.ts";
import type { Call } from "../proxy/call.ts";
import type { Exchange } from "./exchange.ts";

/** What differs from call to call; the rest is as the client has it. */
export type Errand = Pick<Call, "path" | "body" | "contentType" | "contentLength">;

/** A call that may be repeated on another backend. */
export function inferenceCall(exchange: Exchange, errand: Errand, echo: boolean): Call {
  return callOf(exchange, errand, true, echo);
}

/** A call that is made once, and whose answer is passed on as it is. */
export function errandCall(exchange: Exchange, errand: Errand): Call {
  return callOf(exchange, errand, false, false);
}

function callOf(
  { request, search }: Exchange,
  { path, body, contentType, contentLength }: Errand,
  replayable: boolean,
  echo: boolean,
): Call {
  const { method, headers, signal } = request;
  return {
    method,
    path,
    search,
    headers,
    body,
    contentType,
    contentLength,
    signal,
    replayable,
    echo,
    via: VIA,
  };
}
