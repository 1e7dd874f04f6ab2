/** One request of a soak: asks, reads or leaves, and tells what came of it. */

import { post } from "../client.ts";
import { headerOf, parseResponse, readChunks } from "../response.ts";
import type { Connection } from "./connection.ts";
import { type Asked, faultIn } from "./reading.ts";
import { bodyOf, PATHS } from "./speech.ts";
import type { Span } from "./timeline.ts";

/** No request takes longer that ends at all: some time in the queue, every backend in vain, and the longest answer. */
const DEADLINE_MS = 45_000;

export interface Request extends Asked {
  /** The router's log calls it so. */
  readonly id: string;
  /** When its client leaves, if it has not had all by then. */
  readonly leavesAfterMs: number | undefined;
}

export interface Outcome extends Span {
  readonly request: Request;
  /**
   * `whole`: the right answer, from its beginning to its end. `refused`: an error's status and text. `broken`: the
   * connection broke off. `wrong`: a clean end of what is no right answer. `left`: by its client. `lost`: no end in time.
   */
  readonly kind: "whole" | "refused" | "broken" | "wrong" | "left" | "lost";
  readonly status: number | undefined;
  /** Whose answer it is. */
  readonly backend: string | undefined;
  readonly attempts: number;
  readonly queuedMs: number;
  /** Of the body, with what frames it. */
  readonly bytes: number;
  readonly why: string;
}

export async function ask(connection: Connection, request: Request): Promise<Outcome> {
  const { dialect, name, question, isStreamed, id, leavesAfterMs = DEADLINE_MS } = request;
  const fromMs = performance.now();
  const leaving = new AbortController();
  const timer = setTimeout(() => leaving.abort(), leavesAfterMs);
  const body = bodyOf(dialect, name, question, isStreamed);
  const { text, how } = await connection.ask(
    post(PATHS[dialect], body, [`X-Request-Id: ${id}`]),
    leaving.signal,
  );
  clearTimeout(timer);
  const head = text.includes("\r\n\r\n") ? parseResponse(text) : undefined;
  const header = (wanted: string): string | undefined => head && headerOf(head, wanted);
  const outcome = {
    request,
    fromMs,
    toMs: performance.now(),
    status: head?.status,
    backend: header("x-mellamo-backend"),
    attempts: Number(header("x-mellamo-attempts") ?? 0),
    queuedMs: Number(header("x-mellamo-queue-ms") ?? 0),
    bytes: head?.body.length ?? 0,
    why: "",
  };
  if (how === "left") return { ...outcome, kind: request.leavesAfterMs === undefined ? "lost" : "left" };
  if (how === "broken" || head === undefined) return { ...outcome, kind: "broken" };
  const isChunked = header("transfer-encoding") === "chunked";
  const said = (isChunked ? Buffer.concat(readChunks(head.body)) : head.body).toString();
  if (head.status !== 200) return { ...outcome, kind: "refused", why: said };
  const fault = faultIn(said, request);
  return fault === undefined ? { ...outcome, kind: "whole" } : { ...outcome, kind: "wrong", why: fault };
}
