/** Tells the way that a request has taken: in headers to the client, and in the log. */

import type { HeaderTable } from "../proxy/headers.ts";
import type { Trail } from "../proxy/trail.ts";
import type { LogFields } from "../telemetry/log.ts";

/** Puts `x-mellamo-…` among the headers of the answer to a request that was forwarded. */
export function markTrail(headers: HeaderTable, { attempts, queuedMs, backend, model }: Trail): void {
  if (attempts === 0 && queuedMs === 0) return;
  if (backend !== undefined) headers["x-mellamo-backend"] = backend;
  if (model !== undefined) headers["x-mellamo-model"] = encodeHeader(model);
  headers["x-mellamo-attempts"] = String(attempts);
  headers["x-mellamo-queue-ms"] = String(Math.round(queuedMs));
}

/** A line of the log is not longer for all the backends in the world. */
const MAX_TOLD = 10;

const NOTHING: LogFields = {};

/** What went as usual is not worth a word. */
export function delays({ attempts, failures, queuedMs }: Trail): LogFields {
  if (attempts < 2 && queuedMs === 0 && failures.length === 0) return NOTHING;
  return {
    ...(failures.length > 0 ? { failed: failures.slice(0, MAX_TOLD).join("; ") } : {}),
    ...(attempts > 1 ? { attempts } : {}),
    ...(queuedMs > 0 ? { queue_ms: Math.round(queuedMs) } : {}),
  };
}

/** Names of models may hold what no header may: such characters are percent-encoded, and `%` with them. */
function encodeHeader(text: string): string {
  return /^[\x21-\x24\x26-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}
