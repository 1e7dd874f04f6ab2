/** Turns an exchange into a call to an engine. */

import { VIA } from "../fleet/via.ts";
import type { Call } from "../proxy/call.ts";
import type { Exchange } from "./exchange.ts";

/** What differs from call to call; the rest is as the client has it. */
export type Errand = Pick<Call, "path" | "body" | "contentType" | "contentLength">;

/** A call that may be repeated on another backend. */
export function inferenceCall(exchange: Exchange, errand: Errand, echo: boolean): Call {
  return { ...errandCall(exchange, errand), replayable: true, echo };
}

/** A call that is made once, and whose answer is passed on as it is. */
export function errandCall({ request, search }: Exchange, errand: Errand): Call {
  return {
    method: request.method,
    search,
    headers: request.headers,
    signal: request.signal,
    via: VIA,
    replayable: false,
    echo: false,
    ...errand,
  };
}
